import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openLists, rangesOf } from '@muniment/retention/execute/lists'
import { rewriteFile } from '@muniment/retention/execute/rewrite-file'
import { openSessions } from '@muniment/retention/execute/session'
import type { Plan } from '@muniment/retention/run/types'
import { openDuckdb, text } from './duckdb.ts'
import type { OpenRetention } from './retention-home.ts'

export interface Spent {
  wall: number
  cpu: number
}

/** Of all objects that lose some of their rows and keep others. */
export interface Rewriting {
  objects: number
  bytes: number
  ours: Spent
  copy: Spent
  /** The same of the objects that are large enough for what each costs by itself not to matter. */
  large: { objects: number; bytes: number; ours: Spent; copy: Spent }
}

const LARGE = 1 << 20

const none = (): Spent => ({ wall: 0, cpu: 0 })

function now(): Spent {
  const { userCPUTime, systemCPUTime } = process.resourceUsage()
  return { cpu: (userCPUTime + systemCPUTime) / 1e6, wall: performance.now() / 1000 }
}

async function spending(act: () => Promise<unknown>, ...into: Spent[]) {
  const before = now()
  await act()
  const after = now()
  for (const spent of into) {
    spent.cpu += after.cpu - before.cpu
    spent.wall += after.wall - before.wall
  }
}

/** A folder's columns are in no file, and the file's own are read as they are. */
const plain = (file: string) => `read_parquet(${text(file)}, hive_partitioning = false)`

/**
 * Each object of a plan written anew without the rows that go, and looked at afterwards, as executing does it; and copied whole by DuckDB
 * with the same codec and row groups. They take turns at being first. Nothing of the archive is changed.
 */
export async function compareRewriting(
  home: string,
  { store }: Pick<OpenRetention, 'store'>,
  plan: Plan,
  sum: Rewriting,
): Promise<void> {
  const folder = join(home, '.work', 'bench-rewrites')
  await mkdir(folder, { recursive: true })
  const sessions = await openSessions(join(folder, 'spill'))
  const session = await sessions.open()
  const duckdb = await openDuckdb({ threads: '2' })
  try {
    const lists = await openLists(store, plan, join(folder, 'lists'))
    for (const [turn, object] of plan.objects.entries()) {
      if (object.due === object.rows) continue
      const from = join(home, object.key)
      const [ours, copy] = [join(folder, 'ours.parquet'), join(folder, 'copy.parquet')]
      const ranges = rangesOf((await lists.rowsOf(session, object)).map(({ row }) => row))
      const largest = await session.row(
        `SELECT max(row_group_num_rows) AS n, any_value(compression) AS codec FROM parquet_metadata(${text(from)})`,
      )
      const { size } = await stat(from)
      const parts = size >= LARGE ? [sum, sum.large] : [sum]
      for (const part of parts) {
        part.objects++
        part.bytes += size
      }
      const ways = [
        () =>
          spending(
            () => rewriteFile(session, { from, to: ours, ranges, nonce: '0'.repeat(32) }),
            ...parts.map((part) => part.ours),
          ),
        () =>
          spending(
            () =>
              duckdb.run(
                `COPY (SELECT * FROM ${plain(from)}) TO ${text(copy)} (FORMAT parquet, CODEC ${text(largest.codec ?? 'ZSTD')}, ROW_GROUP_SIZE ${largest.n})`,
              ),
            ...parts.map((part) => part.copy),
          ),
      ]
      for (const way of turn % 2 === 0 ? ways : ways.reverse()) await way()
      await rm(ours, { force: true })
      await rm(copy, { force: true })
    }
  } finally {
    duckdb.closeSync()
    session.close()
    sessions.close()
    await rm(folder, { recursive: true, force: true })
  }
}

export const noRewriting = (): Rewriting => ({
  ...{ objects: 0, bytes: 0, ours: none(), copy: none() },
  large: { objects: 0, bytes: 0, ours: none(), copy: none() },
})
