import type { Certificate } from 'pkijs'
import type { ObjectStore } from '../../store/port.ts'
import { LogDamageError, TimeStampError } from '../errors.ts'
import { checkpointKey, timeStampKey } from '../paths.ts'
import { readSeal } from '../seal/seal-file.ts'
import { checkTimeStamp } from '../stamp/check.ts'
import type { Stamped, TimeStamps } from './report.ts'
import type { Verification } from './verification.ts'

/** What clocks may differ by: more than that before its seal, and a stamp says that the clock here was ahead. */
const SKEW = 5 * 60_000

/** Time stamps that lie beside checkpoints; with `authorities`, of signers whose certificates those issued. */
export function checkStamps(
  store: ObjectStore,
  authorities: readonly Certificate[] | undefined,
  { findings, sizes, times }: Pick<Verification, 'findings' | 'sizes' | 'times'>,
) {
  const stamps: Stamped[] = []

  return {
    /** In the order of seals, each of which has been followed. */
    async take(number: number): Promise<void> {
      const key = timeStampKey(number)
      const [reply, checkpoint] = [(await store.get(key))?.body, (await store.get(checkpointKey(number)))?.body]
      const [made, entries] = [(await readSeal(store, number))?.seal.at, sizes[number - 1]]
      if (!reply || !checkpoint || made === undefined || entries === undefined)
        throw new LogDamageError(key, 'the checkpoint that it stamps is missing.')
      try {
        const { at, by } = await checkTimeStamp(reply, { data: checkpoint, authorities })
        stamps.push({ seal: number, entries, at: at.toISOString(), by })
        if (at.getTime() < Date.parse(made) - SKEW)
          findings.add({
            kind: 'early-stamp',
            of: key,
            at: at.toISOString(),
            message: `${key} is of ${at.toISOString()}, before its seal says that it was made (${made}).`,
          })
      } catch (error) {
        if (error instanceof TimeStampError) throw new LogDamageError(key, `its time stamp is wrong. ${error.message}`)
        throw error
      }
    },

    finish(now: Date): TimeStamps {
      const [first, newest] = [stamps[0], stamps.at(-1)]
      const told: TimeStamps = { count: stamps.length, authority: authorities !== undefined, waiting: times.length }
      if (!first || !newest) return told
      const age = Math.round((now.getTime() - Date.parse(newest.at)) / 1000)
      const longest = longestWait(stamps, times)
      return { ...told, waiting: times.length - newest.seal, first, newest, age, ...(longest && { longest }) }
    },
  }
}

/** The longest time from an entry to the earliest stamp on its seal or on a later one, of seals after the first stamped. */
function longestWait(stamps: readonly Stamped[], times: readonly number[]): TimeStamps['longest'] {
  const left = [...stamps]
  let longest: TimeStamps['longest']
  let earliest = Number.POSITIVE_INFINITY
  for (let seal = left.at(-1)?.seal ?? 0; seal > (stamps[0]?.seal ?? 0); seal--) {
    if (left.at(-1)?.seal === seal) earliest = Math.min(earliest, Date.parse(left.pop()?.at ?? ''))
    const seconds = Math.round((earliest - (times[seal - 1] ?? Number.NaN)) / 1000)
    if (seconds >= (longest?.seconds ?? Number.NEGATIVE_INFINITY)) longest = { seal, seconds }
  }
  return longest
}
