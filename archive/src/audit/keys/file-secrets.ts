import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '../../errors.ts'
import { createPrivate, readPrivate } from '../../private-files.ts'
import { discard, syncFolder } from '../../store/durable.ts'
import { codeOf, fileError } from '../../store/file-errors.ts'
import { endedBefore, mustBePeriod, mustHaveEnded } from './periods.ts'
import type { Secrets } from './port.ts'
import { openFileStreamKey } from './stream-key.ts'

const fileOf = (period: string) => `${period}.key`

/** Keys as hexadecimal text in `folder` (0700), a file (0600) a day and a month. */
export function createFileSecrets(folder: string, clock: () => Date = () => new Date()): Secrets {
  const read = (period: string, content: Buffer) => {
    const text = content.toString('ascii').trim()
    if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex')
    throw new OperatorError(
      `${join(folder, fileOf(period))} is no key of the log: 64 hexadecimal digits were expected.`,
    )
  }

  return {
    async key(period) {
      mustBePeriod(period)
      const there = await readPrivate(join(folder, fileOf(period)))
      if (there) return read(period, there)
      return read(period, await createPrivate(join(folder, fileOf(period)), `${randomBytes(32).toString('hex')}\n`))
    },

    async find(period) {
      mustBePeriod(period)
      const there = await readPrivate(join(folder, fileOf(period)))
      return there && read(period, there)
    },

    async forget(before) {
      mustHaveEnded(before, clock())
      const names = await readdir(folder).catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') return []
        throw fileError(error, folder)
      })
      const periods = names
        .filter((name) => name.endsWith('.key'))
        .map((name) => name.slice(0, -4))
        .filter((period) => endedBefore(period, before))
        .sort()
      for (const period of periods) await discard(join(folder, fileOf(period)))
      if (periods.length > 0) await syncFolder(folder)
      return periods
    },

    streamKey: (found) => openFileStreamKey(folder, () => randomBytes(32), found),
  }
}
