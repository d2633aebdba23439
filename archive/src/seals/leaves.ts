import { createHash } from 'node:crypto'
import { OperatorError } from '../errors.ts'
import type { StoredRewrite } from '../rewrites/rewrites.ts'
import type { ObjectStore } from '../store/port.ts'
import type { ObjectDescription } from './descriptions.ts'
import { classesOf, type TypedValue } from './encoding.ts'
import { classHash, HASH_BYTES, rowHash, SALT_BYTES, saltsOf } from './hashes.ts'

/** A row of an object: its number, and its values as canonical texts in the order of the description's columns. */
export interface NumberedRow {
  number: number
  values: readonly (string | null)[]
}

type Sealed = Pick<ObjectDescription, 'table' | 'columns'>

/** The leaf of one row in its load's seal: straight from the definition, and apart from the code that hashes whole objects fast. */
export function leafHash(object: Sealed, secret: Buffer, row: NumberedRow): Buffer {
  const { sensitive, open } = classesOf(object.columns)
  const texts = new Map(object.columns.map(([name], index) => [name, row.values[index] ?? null]))
  const typed = (columns: ObjectDescription['columns']) =>
    columns.map(([name, type]): TypedValue => [type, texts.get(name) ?? null])
  const salt = (name: string) => saltsOf(secret, object.table, name, row.number, 1).subarray(0, SALT_BYTES)
  const classes = sensitive.map(({ name, columns }) => classHash(salt(name), typed(columns)))
  return rowHash(salt(''), classes, row.number, typed(open))
}

const NUMBER_BYTES = 8

/** Of destroyed rows, in the order of their numbers: 8 bytes of the number, most significant first, and 32 of the leaf. */
export function leavesFile(leaves: ReadonlyMap<number, Buffer>): Buffer {
  const parts = [...leaves].sort(([one], [other]) => one - other)
  return Buffer.concat(
    parts.flatMap(([number, leaf]) => {
      const written = Buffer.alloc(NUMBER_BYTES)
      written.writeBigUInt64BE(BigInt(number))
      return [written, leaf]
    }),
  )
}

function readLeavesFile(key: string, body: Buffer): Map<number, Buffer> {
  const size = NUMBER_BYTES + HASH_BYTES
  if (body.length % size !== 0) throw new OperatorError(`${key} has not the length of a list of hashes.`)
  const leaves = new Map<number, Buffer>()
  for (let at = 0; at < body.length; at += size)
    leaves.set(Number(body.readBigUInt64BE(at)), body.subarray(at + NUMBER_BYTES, at + size))
  return leaves
}

/**
 * Leaves of all rows of an object that were destroyed. Throws OperatorError where a file of them is missing, or not the one that the
 * rewrite names.
 */
export async function destroyedLeaves(
  store: ObjectStore,
  rewrites: readonly StoredRewrite[],
): Promise<Map<number, Buffer>> {
  const leaves = new Map<number, Buffer>()
  // Of attempts at one generation the rows are the same.
  for (const { leaves: kept, run } of rewrites) {
    if (!kept) continue
    const object = await store.get(kept.key)
    if (!object) throw new OperatorError(`${kept.key} is missing: the hashes of rows that run ${run} destroyed.`)
    if (createHash('sha256').update(object.body).digest('hex') !== kept.sha256)
      throw new OperatorError(`${kept.key} is not as run ${run} wrote it: the hashes of rows that it destroyed.`)
    for (const [number, leaf] of readLeavesFile(kept.key, object.body)) leaves.set(number, leaf)
  }
  return leaves
}
