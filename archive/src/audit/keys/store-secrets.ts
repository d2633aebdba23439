import { randomBytes } from 'node:crypto'
import { OperatorError } from '../../errors.ts'
import { ConflictError } from '../../store/errors.ts'
import type { ObjectStore } from '../../store/port.ts'
import { endedBefore, mustBePeriod, mustHaveEnded } from './periods.ts'
import type { Secrets } from './port.ts'
import { readStreamKey, streamKeyText } from './stream-key.ts'

const folder = 'keys/'
const streams = 'streams.json'
const keyOf = (period: string) => `${folder}${period}.key`

/**
 * Keys as hexadecimal text, an object a day and a month, in a store of their own: one that keeps no versions, that only those who write or
 * read the log may read, and that is no part of the archive.
 */
export function createStoreSecrets(store: ObjectStore, clock: () => Date = () => new Date()): Secrets {
  const read = (period: string, body: Buffer) => {
    const text = body.toString('ascii').trim()
    if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex')
    throw new OperatorError(`${keyOf(period)} is no key of the log: 64 hexadecimal digits were expected.`)
  }

  /** What stands there: ours, or what another process made meanwhile. */
  async function firstOf(key: string, text: string): Promise<Buffer> {
    try {
      await store.create(key, text)
      return Buffer.from(text)
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
      const theirs = await store.get(key)
      if (!theirs) throw error
      return theirs.body
    }
  }

  return {
    async key(period) {
      mustBePeriod(period)
      const there = await store.get(keyOf(period))
      return read(period, there?.body ?? (await firstOf(keyOf(period), `${randomBytes(32).toString('hex')}\n`)))
    },

    async find(period) {
      mustBePeriod(period)
      const there = await store.get(keyOf(period))
      return there && read(period, there.body)
    },

    async forget(before) {
      mustHaveEnded(before, clock())
      const periods: string[] = []
      for await (const name of store.names(folder)) {
        const period = name.replace(/\.key$/, '')
        if (name.endsWith('.key') && endedBefore(period, before)) periods.push(period)
      }
      for (const period of periods) await store.remove(keyOf(period))
      return periods.sort()
    },

    async streamKey(found) {
      const there = await store.get(streams)
      const body = there?.body ?? (await firstOf(streams, streamKeyText(randomBytes(32), await found())))
      return readStreamKey(streams, body)
    },
  }
}
