import { join } from 'node:path'
import { InputError, NotFoundError, OperatorError } from '@muniment/archive/errors'
import { readRewritesOf } from '@muniment/archive/rewrites/rewrites'
import { groupRange } from '@muniment/archive/seals/descriptions'
import { classesOf, takeValues } from '@muniment/archive/seals/encoding'
import { HASH_BYTES, SALT_BYTES } from '@muniment/archive/seals/hashes'
import { destroyedLeaves } from '@muniment/archive/seals/leaves'
import { composeProof, type Proof, type SaltedRow, verifyProof } from '@muniment/archive/seals/proof'
import { readSeal, type Seal, type SealedObject } from '@muniment/archive/seals/seal'
import { treeWith } from '@muniment/archive/seals/tree'
import type { ObjectStore } from '@muniment/archive/store/port'
import { type LoadedObject, type LoadRecord, readLedger } from '../load/ledger.ts'
import type { Session } from '../tables/session.ts'
import { text } from '../tables/sql.ts'
import { canonical, encodedRows, objectRelation } from './encoded-rows.ts'
import { hashingOf } from './group-roots.ts'
import { hashRows } from './hash-rows.mjs'
import { readSealSecret } from './secrets.ts'

export interface ProveOptions {
  home: { path: string; store: ObjectStore }
  session: Session
  application: string
  table: string
  /** Columns of the primary key, and their values as canonical texts. */
  primaryKey: { name: string; type: string }[]
  key: string[]
  /** The load that brought the row; else every one is looked into. */
  load?: string
  /** Classes that have one of these sensitivities are shown as hashes. */
  without?: string[]
}

interface Found {
  record: LoadRecord
  object: LoadedObject
  row: number
}

async function findRows(
  { home, session, table, primaryKey, key }: ProveOptions,
  records: LoadRecord[],
): Promise<Found[]> {
  const found: Found[] = []
  for (const record of records)
    for (const object of record.objects.filter((one) => one.table === table)) {
      if (!(await home.store.head(object.key))) continue
      const is = primaryKey.map(({ name, type }, index) => `${canonical(name, type)} = ${text(key[index] ?? '')}`)
      const rows = await session.rows(
        `SELECT _row FROM ${objectRelation(join(home.path, object.key), object.partition)} WHERE ${is.join(' AND ')} LIMIT 2`,
      )
      for (const row of rows) found.push({ record, object, row: Number(row._row) })
    }
  return found
}

/** The row and all leaf hashes of its row group, read from the one row group. */
async function readGroup(
  { home, session, application }: ProveOptions,
  { object: { key, partition }, row }: Found,
  { description }: SealedObject,
  secret: Buffer,
) {
  const group = Math.floor((row - description.firstRow) / description.groupRows)
  const { first, count } = groupRange(description, group)
  const { sensitive, open } = classesOf(description.columns)
  const hashing = hashingOf(description, secret, group)
  // Of attempts that did not happen the hashes are of rows that are there, and theirs come over them.
  const destroyed = await destroyedLeaves(home.store, await readRewritesOf(home.store, application, key))
  const leaves = new Map([...destroyed].filter(([number]) => number >= first && number < first + count))
  let values: Map<string, string | null> | undefined
  const file = { path: join(home.path, key), partition }
  for await (const { bytes } of encodedRows(session, description, file, group, group + 1)) {
    values = valuesOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), row)
    const { leaves: hashes, seen } = hashRows({ bytes, ...hashing })
    for (let index = 0; index < count; index++)
      if (seen[index] === 1) leaves.set(first + index, hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES))
  }
  if (!values) throw new OperatorError(`${key} has no row ${row}.`)
  const at = (row - first) * SALT_BYTES
  const salts = hashing.salts.map((run) => Buffer.from(run.subarray(at, at + SALT_BYTES)))
  const salted: SaltedRow = {
    number: row,
    values,
    salt: salts.at(-1) ?? Buffer.alloc(0),
    salts: new Map(sensitive.map(({ name }, index) => [name, salts[index] ?? Buffer.alloc(0)])),
  }
  return { salted, tree: fullTree(), index: row - first }

  function fullTree() {
    try {
      return treeWith(leaves, first, count)
    } catch (error) {
      throw new OperatorError(
        `Rows of the row group of row ${row} in ${key} are gone, and their hashes are not kept: it cannot be proved. ` +
          `\`muniment seals verify --application ${application}\` says more.`,
        { cause: error },
      )
    }
  }

  function valuesOf(bytes: Buffer, number: number) {
    const columns = [
      ...sensitive.flatMap((one) => one.columns.map(([name]) => name)),
      '_row',
      ...open.map(([name]) => name),
    ]
    const types = [
      ...sensitive.flatMap((one) => one.columns.map(([, type]) => type)),
      'bigint',
      ...open.map(([, type]) => type),
    ]
    for (let from = 0; from < bytes.length; ) {
      const next = takeValues(types, bytes, from)
      if (!next) return undefined
      from = next.end
      const named = new Map(columns.map((name, index) => [name, next.values[index] ?? null]))
      if (named.get('_row') === String(number)) {
        named.delete('_row')
        return named
      }
    }
    return undefined
  }
}

async function provenIn(options: ProveOptions, found: Found): Promise<Proof> {
  const { home, application, without = [] } = options
  const { load, seal: reference } = found.record
  if (!reference) throw new InputError(`Load ${load} was made before loads were sealed; its rows cannot be proved.`)
  const seal: Seal = await readSeal(home.store, { application, load, seal: reference })
  const number = seal.objects.findIndex(({ description }) => description.object === found.object.key)
  const object = seal.objects[number]
  if (!object) throw new OperatorError(`The seal of load ${load} does not name ${found.object.key}.`)
  const secret = await readSealSecret(home.path, application, load)
  if (!secret)
    throw new OperatorError(
      `The secret of load ${load} is not below secrets/seals; without it no row of it can be proved.`,
    )
  const { salted, tree, index } = await readGroup(options, found, object, secret)
  const masked = (name: string) => name.split('+').some((one) => without.includes(one))
  const proof = composeProof(seal, number, salted, tree.path(index), masked)
  try {
    verifyProof(JSON.stringify(proof))
  } catch (error) {
    throw new OperatorError(
      `The row group of row ${found.row} in ${found.object.key} is not what was sealed: somebody changed it. ` +
        `\`muniment seals verify --application ${application}\` says what else.`,
      { cause: error },
    )
  }
  return proof
}

/**
 * Proves the row that a key names. NotFoundError where there is none; InputError where several loads have it or the load has no seal;
 * OperatorError where the row group is not the one that was sealed.
 */
export async function proveRow(options: ProveOptions): Promise<Proof> {
  const { home, application, table, load } = options
  const ledger = await readLedger(home.store, application)
  const records = ledger.filter((record) => load === undefined || record.load === load)
  if (records.length === 0)
    throw new NotFoundError(load === undefined ? `Nothing of ${application} is loaded.` : `There is no load ${load}.`)
  const [first, ...others] = await findRows(options, records)
  if (!first) throw new NotFoundError(`No row of ${table} has this key.`)
  const loads = [...new Set([first, ...others].map(({ record }) => record.load))]
  if (loads.length > 1) throw new InputError(`Several loads have a row with this key; name one: ${loads.join(', ')}.`)
  if (others.length > 0) throw new InputError(`Several rows of ${table} have this key; which one cannot be told by it.`)
  return provenIn(options, first)
}
