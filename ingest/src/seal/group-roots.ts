import { groupRange, groupsOf, type ObjectDescription } from '@muniment/archive/seals/descriptions'
import { classesOf, type SealedColumn } from '@muniment/archive/seals/encoding'
import { HASH_BYTES, saltsOf } from '@muniment/archive/seals/hashes'
import type { Session } from '../tables/session.ts'
import { encodedRows } from './encoded-rows.ts'
import type { HashedGroup, HashPool } from './hash-pool.ts'
import { type RowsToHash, rootOfRun } from './hash-rows.mjs'

/** Bytes of encoded rows that one statement is to give; DuckDB holds several times as many to make them. */
const statementBytes = ({ memoryBytes }: Session) => Math.min(48 << 20, Math.floor(memoryBytes / 32))
/** Bytes of an encoded row, as long as nothing is known of an object's. */
const USUAL_ROW = 200

export interface ReadFile {
  path: string
  /** Values that stand in the folder's name. */
  partition: Record<string, string>
}

type Sealing = Omit<ObjectDescription, 'sha256'>

const varchars = (columns: SealedColumn[]) => Uint8Array.from(columns, ([, type]) => (type === 'varchar' ? 1 : 0))

/** All that hashRows needs for a row group besides its rows. */
export function hashingOf(object: Sealing, secret: Buffer, group: number): Omit<RowsToHash, 'bytes'> {
  const { sensitive, open } = classesOf(object.columns)
  const { first, count } = groupRange(object, group)
  return {
    classes: sensitive.map(({ columns }) => varchars(columns)),
    open: varchars(open),
    salts: [...sensitive.map(({ name }) => name), ''].map((name) => saltsOf(secret, object.table, name, first, count)),
    first,
    count,
  }
}

/** Leaves of destroyed rows by row group and place in it; what is of no row of the object is left out. */
function goneByGroup(object: Sealing, destroyed: ReadonlyMap<number, Buffer>): Map<number, [number, Buffer][]> {
  const groups = new Map<number, [number, Buffer][]>()
  for (const [row, leaf] of destroyed) {
    const place = row - object.firstRow
    if (place < 0 || place >= object.rows) continue
    const group = Math.floor(place / object.groupRows)
    const others = groups.get(group) ?? []
    groups.set(group, others)
    others.push([place - group * object.groupRows, leaf])
  }
  return groups
}

/** The root of a row group of which every row was destroyed. */
function rootOfGone(object: Sealing, group: number, gone: [number, Buffer][]): HashedGroup {
  const hashes = Buffer.alloc(groupRange(object, group).count * HASH_BYTES)
  for (const [index, leaf] of gone) leaf.copy(hashes, index * HASH_BYTES)
  return { rows: 0, root: rootOfRun(hashes) }
}

/**
 * The roots of an object's row groups, computed from its rows and the leaves of those that were destroyed, with the rows each had; a group of
 * which no row is there or destroyed is missing. `file`: absent where nothing is left of the object. In memory are some groups at a time.
 */
export async function groupRoots(
  { session, pool, secret }: { session: Session; pool: HashPool; secret: Buffer },
  object: Sealing,
  file: ReadFile | undefined,
  destroyed: ReadonlyMap<number, Buffer> = new Map(),
): Promise<Map<number, HashedGroup>> {
  const gone = goneByGroup(object, destroyed)
  const roots = new Map([...gone].map(([group, leaves]) => [group, rootOfGone(object, group, leaves)]))
  if (!file) return roots
  const count = groupsOf(object)
  let at = 0
  let step = Math.max(1, Math.floor(statementBytes(session) / (object.groupRows * USUAL_ROW)))
  const begun: Promise<void>[] = []
  while (at < count) {
    const to = Math.min(count, at + step)
    let bytes = 0
    for await (const { group, bytes: rows } of encodedRows(session, object, file, at, to)) {
      bytes += rows.length
      const { outcome } = await pool.hash({
        bytes: rows,
        ...hashingOf(object, secret, group),
        ...(gone.has(group) && { gone: gone.get(group) ?? [] }),
      })
      const kept = outcome.then((hashed) => void roots.set(group, hashed))
      // Looked at below, once everything has been read.
      kept.catch(() => undefined)
      begun.push(kept)
    }
    step = Math.max(1, Math.min(16 * (to - at), Math.floor(((to - at) * statementBytes(session)) / Math.max(1, bytes))))
    at = to
  }
  await Promise.all(begun)
  return roots
}
