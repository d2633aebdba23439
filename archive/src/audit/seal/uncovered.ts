import type { ObjectStore } from '../../store/port.ts'
import { LogDamageError } from '../errors.ts'
import { keysBelow } from '../keys-below.ts'
import { auditFile, objectKey, registrationKey, STREAMS } from '../paths.ts'
import { readObject, readRegistration, type StreamObject } from '../stream/object.ts'
import type { SealFile } from './seal-file.ts'

const DAY = 24 * 60 * 60 * 1000

/** Streams by name, with those of days that writers whose clock is a day ahead would be in. */
export async function* streams(store: ObjectStore, newest: SealFile | undefined, at: string): AsyncGenerator<string> {
  if (!newest) return yield* streamsBelow(store, STREAMS)
  const until = Date.parse(at) + DAY
  for (let day = Date.parse(newest.seal.since); day <= until; day += DAY)
    yield* streamsBelow(store, `${STREAMS}${new Date(day).toISOString().slice(0, 10)}/`)
}

async function* streamsBelow(store: ObjectStore, prefix: string): AsyncGenerator<string> {
  for await (const key of keysBelow(store, prefix)) {
    const file = auditFile(key)
    if (file?.kind === 'registration') yield file.stream
  }
}

/** Objects from where the stream stands on, each held against the one before it. */
export async function* uncovered(
  store: ObjectStore,
  stream: string,
  head: { next: number; last: string } | undefined,
): AsyncGenerator<StreamObject> {
  let sequence = head?.next ?? 1
  let last = head?.last
  // Most streams have nothing new: one look tells. Then more and more at once.
  for (let step = 1; ; step = Math.min(64, step * 2)) {
    const bodies = await Promise.all(
      Array.from({ length: step }, async (_, place) => (await store.get(objectKey(stream, sequence + place)))?.body),
    )
    for (const body of bodies) {
      if (!body) return
      if (last === undefined) {
        const registration = (await store.get(registrationKey(stream)))?.body
        if (!registration) return
        last = readRegistration(stream, registration)
      }
      const object = readObject(stream, sequence, body)
      if (object.previous !== last)
        throw new LogDamageError(object.key, 'it does not go on from the object before it; one of the two was altered.')
      yield object
      last = object.hash
      sequence++
    }
  }
}
