import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError, OperatorError } from '../../errors.ts'
import { createPrivate, readPrivate } from '../../private-files.ts'
import { discard, syncFolder } from '../../store/durable.ts'
import { codeOf, fileError } from '../../store/file-errors.ts'
import type { Secrets } from './port.ts'
import { openFileStreamKey } from './stream-key.ts'

const PERIOD = /^\d{4}-\d{2}(-\d{2})?$/
const DAY = /^\d{4}-\d{2}-\d{2}$/
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
  const check = (period: string) => {
    if (!PERIOD.test(period)) throw new TypeError('A key is for a day or a month.')
  }

  return {
    async key(period) {
      check(period)
      const there = await readPrivate(join(folder, fileOf(period)))
      if (there) return read(period, there)
      return read(period, await createPrivate(join(folder, fileOf(period)), `${randomBytes(32).toString('hex')}\n`))
    },

    async find(period) {
      check(period)
      const there = await readPrivate(join(folder, fileOf(period)))
      return there && read(period, there)
    },

    async forget(before) {
      if (!DAY.test(before)) throw new InputError('Say the day as 2026-11-05: what ended before it is forgotten.')
      const today = clock().toISOString().slice(0, 10)
      if (before > today) throw new InputError(`Only what has ended can be forgotten; ${before} is still to come.`)
      const names = await readdir(folder).catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') return []
        throw fileError(error, folder)
      })
      const periods = names
        .filter((name) => name.endsWith('.key'))
        .map((name) => name.slice(0, -4))
        .filter((period) => PERIOD.test(period) && endOf(period) <= before)
        .sort()
      for (const period of periods) await discard(join(folder, fileOf(period)))
      if (periods.length > 0) await syncFolder(folder)
      return periods
    },

    streamKey: (found) => openFileStreamKey(folder, () => randomBytes(32), found),
  }
}

/** The first day after the period. */
function endOf(period: string): string {
  const end = new Date(DAY.test(period) ? period : `${period}-01`)
  if (DAY.test(period)) end.setUTCDate(end.getUTCDate() + 1)
  else end.setUTCMonth(end.getUTCMonth() + 1)
  return end.toISOString().slice(0, 10)
}
