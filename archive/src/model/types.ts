/**
 * The model of an application: what a retired system held, said once. Ingest casts by it, the crawler's findings
 * are compared with it, templates may only name what it declares, and later masking, retention, a person's file
 * and a person's erasure follow it.
 *
 * On disk: query-templates/<application>/application.json (ApplicationFile) and one file a table below
 * query-templates/<application>/tables/<table>.json (Table).
 */
import { z } from 'zod'

const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'a name is lower case: letters, digits and underscores, beginning with a letter')
const label = z.string().min(1)
const isoDate = z.iso.date()

/** The names that a type begins with, for what was probably meant. */
export const columnTypes = ['varchar', 'integer', 'bigint', 'double', 'boolean', 'date', 'timestamp', 'decimal']

/** Types as Athena names them: varchar, integer, bigint, double, boolean, date, timestamp, decimal(p,s). */
export const ColumnType = z
  .string()
  .regex(
    /^(varchar|integer|bigint|double|boolean|date|timestamp|decimal\((\d|[12]\d|3[0-8]),\s?(\d|[12]\d|3[0-8])\))$/,
    'a type is varchar, integer, bigint, double, boolean, date, timestamp or decimal(precision,scale)',
  )
export type ColumnType = z.infer<typeof ColumnType>

export const Sensitivity = z.enum(['personal', 'financial', 'health', 'criminal', 'privileged'])
export type Sensitivity = z.infer<typeof Sensitivity>

/** In what part someone appears in a row. */
export const PersonRole = z.enum([
  'holder',
  'insured',
  'beneficiary',
  'claimant',
  'payer',
  'payee',
  'agent',
  'third-party',
  'staff',
  'subject',
])

export const CodeList = z.strictObject({
  title: label,
  description: z.string().optional(),
  /** The archive table that brought the codes along, if the old system had one: checked to agree with `values`. */
  source: z.strictObject({ table: name, list: z.string() }).optional(),
  values: z.array(z.strictObject({ code: z.string(), label, description: z.string().optional() })).min(1),
})
export type CodeList = z.infer<typeof CodeList>

/**
 * How a derived column is computed at ingest, from the named columns joined with one space, so that a lookup means the same in
 * every engine. `fold`: lower case, marks and ligatures folded (ß ss, ü u, æ ae, ł l), punctuation to spaces,
 * runs of spaces to one. `phonetic`: one code a word, for sound-alikes. `number`: letters and digits only, upper
 * case, leading zeros of digit runs kept. `plate`: a licence plate without spaces, hyphens and case. `reversed`:
 * for searches by ending. All are functions of ingest/ and archive/src/folding.ts, used for stored values and for inputs alike.
 */
export const Derivation = z.strictObject({
  from: z.array(name).min(1),
  function: z.enum(['fold', 'phonetic', 'number', 'plate', 'reversed']),
})
export type Derivation = z.infer<typeof Derivation>

export const Column = z.strictObject({
  name,
  type: ColumnType,
  label,
  description: label,
  unit: z.string().optional(),
  /** The column beside it that holds the currency of this amount. */
  currency: name.optional(),
  /** Name of a code list of the application: values are codes and read as words. */
  codeList: name.optional(),
  sensitivity: z.array(Sensitivity).default([]),
  /** What stays readable of a masked text, so that an account is recognised: its last characters. Else nothing does. */
  partly: z.strictObject({ last: z.int().min(1).max(6) }).optional(),
  /**
   * Rows with one of these values (canonical text) are hidden, and rows about persons or through records that are, unless a role may see
   * them. With `through` only paths to persons in these roles carry it from row to row: else all do.
   */
  rowRule: z
    .strictObject({ name: label, hides: z.array(z.string()).min(1), through: z.array(PersonRole).min(1).optional() })
    .optional(),
  required: z.boolean().default(false),
  /** The column's name in the delivery; absent for derived columns. */
  source: z.string().optional(),
  /** Source texts that mean "no value", besides the empty unquoted field. */
  nulls: z.array(z.string()).default([]),
  /** How the source writes dates, timestamps or booleans where it is not ISO: strptime pattern, or `true|false` texts. */
  sourceFormat: z.string().optional(),
  /** Decimal separator in the source, where it is a comma. */
  decimalComma: z.boolean().default(false),
  derived: Derivation.optional(),
})
export type Column = z.infer<typeof Column>

/** A deviation the archivist has accepted, with the reason; everything else is refused. */
export const AcceptanceRule = z.strictObject({
  kind: z.enum(['cast', 'null', 'orphan', 'duplicate-key', 'precision', 'code', 'total']),
  column: name.optional(),
  /** At most this many rows; more are refused in spite of the rule. */
  atMost: z.int().positive().optional(),
  justification: z.string().min(10),
})
export type AcceptanceRule = z.infer<typeof AcceptanceRule>

export const ForeignKey = z.strictObject({
  columns: z.array(name).min(1),
  references: z.strictObject({ table: name, columns: z.array(name).min(1) }),
})
export type ForeignKey = z.infer<typeof ForeignKey>

/**
 * Whom a row is about: the steps from this row to a row of the table of persons. Each step names the columns of
 * the table reached so far and the table and columns that they lead to. No step: the row itself is the person.
 */
export const PersonPath = z.strictObject({
  role: PersonRole,
  steps: z.array(z.strictObject({ columns: z.array(name).min(1), table: name, to: z.array(name).min(1) })),
})
export type PersonPath = z.infer<typeof PersonPath>

const Period = z.strictObject({ from: name, to: name.optional() })

export const Table = z.strictObject({
  name,
  domain: name,
  title: label,
  description: label,
  source: z.strictObject({
    /** File name of the delivery without extension: `TVERTRAG` stands for TVERTRAG.csv, .csv.gz or .parquet. */
    name: z.string(),
    delimiter: z.string().length(1).default(','),
    encoding: z.enum(['utf-8', 'latin-1', 'windows-1252']).default('utf-8'),
  }),
  primaryKey: z.array(name).min(1),
  foreignKeys: z.array(ForeignKey).default([]),
  sortBy: z.array(name).min(1),
  partitionBy: z.array(name).default([]),
  /** When what the row says was so. */
  valid: Period.optional(),
  /** When the old system knew it. */
  recorded: Period.optional(),
  persons: z.array(PersonPath).default([]),
  legalEntity: name.optional(),
  /** Code tables and the like: no person, nothing sensitive; whoever may see the application may see it. */
  reference: z.boolean().default(false),
  columns: z.array(Column).min(1),
  accept: z.array(AcceptanceRule).default([]),
  /** Columns whose sums the delivery's manifest states. */
  totals: z.array(name).default([]),
})
export type Table = z.infer<typeof Table>

export const ApplicationFile = z.strictObject({
  name,
  title: label,
  description: label,
  /** IANA name: in which zone the old system's days began. */
  timeZone: z.string(),
  /** What the old system was, for the data-model page: vendor, years of service, date of the switch-off. */
  retired: isoDate.optional(),
  legalEntities: z
    .array(z.strictObject({ code: z.string(), name: label, description: z.string().optional() }))
    .default([]),
  domains: z.array(z.strictObject({ name, title: label, description: label })).min(1),
  /** The table that holds persons, whose key is what a person's file begins with. */
  personTable: name.optional(),
  codeLists: z.record(name, CodeList).default({}),
  /** Row rules that columns name, as they are told to people. */
  rowRules: z.record(label, z.strictObject({ title: label, description: label })).default({}),
})
export type ApplicationFile = z.infer<typeof ApplicationFile>

export interface Application extends ApplicationFile {
  tables: Table[]
}
