/** What shows that one row was in a load: made from the seal and one row group, checked with SHA-256 and nothing else of ours. */
import { z } from 'zod'
import { InputError } from '../errors.ts'
import { groupRange, groupsOf, LoadDescription, ObjectDescription, readDescription } from './descriptions.ts'
import { classesOf, type SealedColumn, type TypedValue } from './encoding.ts'
import { classHash, descriptionHash, rowHash, SALT_BYTES } from './hashes.ts'
import { objectsTree, type Seal } from './seal.ts'
import { nodeHash, type PathStep, rootFrom, treeOf } from './tree.ts'

const FORMAT = 'muniment-proof-1'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const salt = z.string().regex(/^[0-9a-f]{32}$/)
const path = z.array(z.strictObject({ before: z.array(hash), after: z.array(hash) }))
// A lone surrogate has no bytes: what stands in its place would be hashed like another text.
const text = z.string().refine((value) => !/\p{Surrogate}/u.test(value))
const values = z.record(z.string(), text.nullable())

const Proof = z.strictObject({
  format: z.literal(FORMAT),
  row: z.strictObject({
    number: z.int().nonnegative(),
    salt,
    /** What is not sensitive, by column. */
    values,
    /** By name: what is shown with its salt, of what is masked the hash. */
    classes: z.record(z.string(), z.union([z.strictObject({ salt, values }), z.strictObject({ hash })])),
    path,
  }),
  object: z.strictObject({ description: text, path }),
  load: z.strictObject({ description: text, object: z.int().nonnegative(), path }),
  root: hash,
  /** Id of the log's entry about the load: where to look, and no part of what is proved. */
  logEntry: z.string().optional(),
})
export type Proof = z.infer<typeof Proof>

/** A row with its salts; values as canonical texts in the order of the object's columns. */
export interface SaltedRow {
  number: number
  values: Map<string, string | null>
  salt: Buffer
  /** By class. */
  salts: Map<string, Buffer>
}

const hexPath = (steps: PathStep[]) =>
  steps.map(({ before, after }) => ({
    before: before.map((one) => one.toString('hex')),
    after: after.map((one) => one.toString('hex')),
  }))

const buffers = (steps: Proof['row']['path']): PathStep[] =>
  steps.map(({ before, after }) => ({
    before: before.map((one) => Buffer.from(one, 'hex')),
    after: after.map((one) => Buffer.from(one, 'hex')),
  }))

/** Composes the proof of a row; `rowPath` leads to the root of its row group, and classes that `masks` names are shown as hashes. */
export function composeProof(
  seal: Seal,
  object: number,
  row: SaltedRow,
  rowPath: PathStep[],
  masks: (sensitivity: string) => boolean,
): Proof {
  const sealed = seal.objects[object]
  if (!sealed) throw new RangeError(`The seal has no object ${object}.`)
  const { description } = sealed
  const { sensitive, open } = classesOf(description.columns)
  const shown = (columns: SealedColumn[]) =>
    Object.fromEntries(columns.map(([name]) => [name, row.values.get(name) ?? null]))
  const classes = sensitive.map(({ name, columns }) => {
    const own = row.salts.get(name)
    if (!own) throw new RangeError(`The salt of the class ${name} is missing.`)
    const texts = columns.map(([column, type]): TypedValue => [type, row.values.get(column) ?? null])
    return masks(name)
      ? [name, { hash: classHash(own, texts).toString('hex') }]
      : [name, { salt: own.toString('hex'), values: shown(columns) }]
  })
  return {
    format: FORMAT,
    row: {
      number: row.number,
      salt: row.salt.toString('hex'),
      values: shown(open),
      classes: Object.fromEntries(classes),
      path: hexPath(rowPath),
    },
    object: {
      description: sealed.text,
      path: hexPath(
        treeOf(sealed.groups).path(Math.floor((row.number - description.firstRow) / description.groupRows)),
      ),
    },
    load: { description: seal.text, object, path: hexPath(objectsTree(seal.objects).path(object)) },
    root: seal.root.toString('hex'),
  }
}

export interface ProvedColumn {
  name: string
  type: string
  /** Its class; empty where it is not sensitive. */
  sensitivity: string
  /** Canonical text; absent where the class is masked. */
  value?: string | null
}

export interface ProvedRow {
  application: string
  load: string
  table: string
  object: string
  row: number
  columns: ProvedColumn[]
  /** SHA-256 of the load's report. */
  report: string
  /** To be compared with one that is believed: from the log, or kept from earlier. */
  root: string
  logEntry?: string
}

const refuse = (why: string): never => {
  throw new InputError(`The proof does not hold: ${why}.`)
}

/** What a proof proves; InputError where it proves nothing. */
export function verifyProof(json: string): ProvedRow {
  const read = readDescription(Proof, json)
  if (!read) return refuse('it is not written as a proof is')
  const { row, object, load, root } = read
  const about = readDescription(ObjectDescription, object.description)
  const whole = readDescription(LoadDescription, load.description)
  if (!about || !whole) return refuse('its descriptions cannot be read')
  if (about.load !== whole.load || about.application !== whole.application)
    return refuse('the object is of another load')
  const { first, count } = groupRange(about, Math.floor((row.number - about.firstRow) / about.groupRows))
  const group = (first - about.firstRow) / about.groupRows
  if (row.number < about.firstRow || row.number >= about.firstRow + about.rows)
    return refuse('the object has no such row')

  const { sensitive, open } = classesOf(about.columns)
  const found = new Map<string, string | null>()
  const texts = (columns: SealedColumn[], given: Record<string, string | null>) => {
    if (Object.keys(given).length !== columns.length) return refuse('its columns are not those of the object')
    return columns.map(([name, type]): TypedValue => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined
      if (value === undefined) return refuse(`${name} is missing`)
      found.set(name, value)
      return [type, value]
    })
  }
  if (Object.keys(row.classes).length !== sensitive.length) return refuse('its classes are not those of the object')
  const hashes = sensitive.map(({ name, columns }) => {
    const one = row.classes[name]
    if (!one) return refuse(`the class ${name} is missing`)
    return 'hash' in one
      ? Buffer.from(one.hash, 'hex')
      : classHash(Buffer.from(one.salt, 'hex'), texts(columns, one.values))
  })
  const leaf = rowHash(
    Buffer.from(row.salt, 'hex').subarray(0, SALT_BYTES),
    hashes,
    row.number,
    texts(open, row.values),
  )
  const groupRoot =
    rootFrom(leaf, buffers(row.path), row.number - first, count) ?? refuse('the way to the row group has another shape')
  const groups =
    rootFrom(groupRoot, buffers(object.path), group, groupsOf(about)) ??
    refuse('the way to the object has another shape')
  const objects =
    rootFrom(nodeHash([descriptionHash(object.description), groups]), buffers(load.path), load.object, whole.objects) ??
    refuse('the way to the load has another shape')
  if (nodeHash([descriptionHash(load.description), objects]).toString('hex') !== root)
    return refuse('values and hashes do not lead to its root')
  return {
    application: about.application,
    load: about.load,
    table: about.table,
    object: about.object,
    row: row.number,
    columns: about.columns.map(([name, type, sensitivity]) => {
      const value = found.get(name)
      return { name, type, sensitivity, ...(value === undefined ? {} : { value }) }
    }),
    report: whole.report,
    root,
    ...(read.logEntry === undefined ? {} : { logEntry: read.logEntry }),
  }
}
