import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ObjectStore } from '@muniment/archive/store/port'
import { timeOf } from '../shared/ids.ts'
import { isKeysFile, resultsPrefix } from '../shared/keys.ts'

interface SweepParts {
  store: ObjectStore
  clock: () => Date
  /** Milliseconds that results are kept. */
  resultsMs: number
}

/** Removes results and exported files that are older than they may become; the records of searches and exports stay. */
export async function sweepResults({ store, clock, resultsMs }: SweepParts): Promise<number> {
  const before = clock().getTime() - resultsMs
  let removed = 0
  for await (const search of store.names(resultsPrefix)) {
    // Nothing there is older than its search, and a look at every result would read it.
    if (timeOf(search) >= before) continue
    for await (const { key, modified } of store.list(`${resultsPrefix}${search}`)) {
      // What the log still has to name is not ours to remove: whoever names it does, however late.
      if (modified.getTime() >= before || isKeysFile(key)) continue
      await store.remove(key)
      removed += 1
    }
  }
  return removed
}

/** What a stopped process left of half-written exports. */
export async function sweepUnfinishedExports(work: string): Promise<void> {
  const folder = join(work, 'exports')
  const names = await readdir(folder).catch(() => [])
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true })
}
