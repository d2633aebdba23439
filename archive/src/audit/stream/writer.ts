import { OperatorError } from '../../errors.ts'
import { ConflictError } from '../../store/errors.ts'
import type { ObjectStore } from '../../store/port.ts'
import { sha256Hex } from '../canonical.ts'
import type { StreamKey } from '../keys/port.ts'
import { markOf } from '../keys/stream-key.ts'
import { dayOfStream, objectKey, registrationKey, streamName } from '../paths.ts'
import { objectText, registrationText } from './object.ts'

interface WriterOptions {
  store: ObjectStore
  clock: () => Date
  /** What writes: a word, as `server`. */
  process: string
  newId(at: Date): string
  /** Shows that the objects were written by a process of this log. */
  key(): Promise<StreamKey>
}

interface Waiting {
  entries: string[]
  size: number
  done(): void
  failed(error: unknown): void
}

interface Position {
  stream: string
  registered: boolean
  sequence: number
  previous: string
}

/** Characters after which a batch is full; what queues while it is written goes into the next. */
const FULL = 1024 * 1024

export interface StreamWriter {
  /** Durable, all in one object, when it resolves. Nothing may be done where it rejects. */
  write(entries: string[]): Promise<void>
  stream(): string
  close(): Promise<void>
}

/** Writes a stream of its own, a new one each day (UTC): nobody else creates its objects, so writers never wait for each other. */
export function createStreamWriter({ store, clock, process, newId, key }: WriterOptions): StreamWriter {
  const queue: Waiting[] = []
  let at = begin(clock())
  let running: Promise<void> | undefined
  let closed = false

  function begin(now: Date): Position {
    return { stream: streamName(now, newId(now)), registered: false, sequence: 1, previous: '' }
  }

  /** True once an object with just these bytes is there; false where another is. Throws where it was not written. */
  async function settle(key: string, text: string): Promise<boolean> {
    try {
      await store.create(key, text)
      return true
    } catch (error) {
      // A write whose answer was lost may stand: settled by reading, never by writing again.
      const there = await store.get(key)
      if (there) return there.body.equals(Buffer.from(text))
      if (error instanceof ConflictError) return false
      throw error
    }
  }

  async function put(entries: string[]): Promise<void> {
    for (;;) {
      const now = clock()
      if (dayOfStream(at.stream) !== now.toISOString().slice(0, 10)) at = begin(now)
      if (!at.registered) {
        const registration = registrationText(at.stream, now, process)
        if (!(await settle(registrationKey(at.stream), registration))) {
          at = begin(now)
          continue
        }
        at = { ...at, registered: true, previous: sha256Hex(registration) }
      }
      const { stream, sequence, previous } = at
      const mark = await markOf(await key(), objectText(stream, sequence, previous, entries))
      const text = objectText(stream, sequence, previous, entries, mark)
      if (await settle(objectKey(stream, sequence), text)) {
        at = { ...at, sequence: sequence + 1, previous: sha256Hex(text) }
        return
      }
      // Something else has this place: a write that was given up came through late. It stays in its stream, and we leave it.
      at = begin(now)
    }
  }

  async function drain() {
    while (queue.length > 0) {
      const batch: Waiting[] = []
      for (let size = 0; queue[0] && (batch.length === 0 || size + queue[0].size <= FULL); ) {
        const [next] = queue.splice(0, 1)
        if (!next) break
        size += next.size
        batch.push(next)
      }
      try {
        await put(batch.flatMap(({ entries }) => entries))
        for (const { done } of batch) done()
      } catch (error) {
        // Whether it came through after all is not known: another stream, so that no number is used twice.
        at = begin(clock())
        const refused = new OperatorError(
          'The audit log cannot be written, so nothing is done that would have to be in it: ' +
            `${error instanceof Error ? error.message : 'the reason is not known'}`,
          { cause: error },
        )
        for (const { failed } of batch) failed(refused)
      }
    }
    running = undefined
  }

  return {
    stream: () => at.stream,
    write(entries) {
      if (closed) return Promise.reject(new OperatorError('The audit log is closed: this process is ending.'))
      return new Promise<void>((done, failed) => {
        const size = entries.reduce((sum, { length }) => sum + length, 0)
        queue.push({ entries, size, done, failed })
        running ??= drain()
      })
    },
    async close() {
      closed = true
      await running
    },
  }
}
