import type { ObjectStore } from '../../store/port.ts'
import { LogDamageError } from '../errors.ts'
import { isFinished } from './finish.ts'
import { allHeads } from './gather.ts'
import { newestSeal, readSeal } from './seal-file.ts'
import { streams, uncovered } from './uncovered.ts'

/** Hashes of the objects that no checkpoint covers, of streams as far as they are whole; none of a log whose seals are damaged. */
export async function uncoveredHashes(store: ObjectStore): Promise<string[]> {
  const hashes: string[] = []
  const orDamaged = async (act: () => Promise<void>) => {
    try {
      await act()
    } catch (error) {
      if (!(error instanceof LogDamageError)) throw error
    }
  }
  await orDamaged(async () => {
    const newest = await newestSeal(store)
    const signed = newest > 0 && !(await isFinished(store, newest)) ? newest - 1 : newest
    const heads = await allHeads(store, signed > 0 ? await readSeal(store, signed) : undefined)
    for await (const stream of streams(store, undefined, ''))
      await orDamaged(async () => {
        for await (const { hash } of uncovered(store, stream, heads.get(stream))) hashes.push(hash)
      })
  })
  return hashes
}
