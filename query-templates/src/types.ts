/**
 * The template language's files, as checked shapes.
 *
 *     query-templates/<application>/queries/<query>/query.json        QueryFile
 *                                                   query.sql.njk     SQL in Athena's dialect
 *                                                   view.html.njk     the fragment
 *     query-templates/<application>/use-cases/<use-case>.json         UseCaseFile
 *
 * Names come from the folder and the file; they are not repeated inside.
 */
import { ColumnType, Sensitivity } from '@muniment/archive/model/types'
import { z } from 'zod'
import { patternProblem } from './pattern.ts'

export const templateName = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower case, words joined by hyphens')
const identifier = z.string().regex(/^[a-z][a-z0-9_]*$/, 'lower case, words joined by underscores')
const text = z.string().min(1)

/**
 * What a person types. Inputs travel as text (or a list of texts for `list`), are checked here and bound as the
 * type says. `code` takes its options from a code list of the model, `choice` from `options`.
 */
const ParameterShape = z.strictObject({
  name: identifier,
  type: z.enum(['string', 'integer', 'decimal', 'date', 'boolean', 'code', 'choice']),
  /** Precision and scale of a decimal, as in `decimal(12,2)`; 18,2 where nothing is said. */
  precision: z.tuple([z.int().min(1).max(38), z.int().min(0).max(38)]).optional(),
  /** Any number of values, for IN. */
  list: z.boolean().default(false),
  label: text,
  hint: text.optional(),
  required: z.boolean().default(false),
  /** Regular expression the whole text must match, with the sentence shown when it does not. */
  pattern: z.strictObject({ regex: text, message: text }).optional(),
  codeList: identifier.optional(),
  options: z.array(z.strictObject({ value: z.string(), label: text })).optional(),
  /** Text used when nothing is typed; `today` for dates. */
  default: z.string().optional(),
  /** Of an amount or a number: what it counts, said behind it wherever it is read. */
  unit: text.optional(),
  /** Parameters of this query without which it says nothing: then its default is not told as something that was asked. */
  modifies: z.array(identifier).min(1).optional(),
  /**
   * What is done to the typed text before it is bound, so that a lookup means the same in every engine: the functions by
   * which ingest computed the derived column that it is compared with.
   */
  transform: z.enum(['fold', 'phonetic', 'number', 'plate', 'reversed']).optional(),
  maxLength: z.int().positive().max(1024).default(200),
})
/** A pattern is held against its rules here: it runs on what people type wherever it has been read. */
export const Parameter = ParameterShape.superRefine(({ pattern, maxLength }, context) => {
  const problem = pattern && patternProblem(pattern.regex, maxLength)
  if (problem) context.addIssue({ code: 'custom', path: ['pattern', 'regex'], message: problem })
})
export type Parameter = z.infer<typeof Parameter>

/** A link from a cell (or a row) to a use case; `inputs`: its parameter to a column of this row. */
export const Link = z.strictObject({
  useCase: templateName,
  inputs: z.record(identifier, identifier),
  /** Inputs of the running search handed on where the target declares them (as-of dates). */
  carry: z.array(identifier).default([]),
})
export type Link = z.infer<typeof Link>

export const OutputColumn = z.strictObject({
  name: identifier,
  type: ColumnType,
  label: text,
  /** How it reads: by the type where nothing is said. `identifier` is monospace and never grouped. */
  format: z
    .enum([
      'text',
      'long-text',
      'identifier',
      'code',
      'money',
      'number',
      'percent',
      'date',
      'timestamp',
      'boolean',
      'iban',
    ])
    .optional(),
  codeList: identifier.optional(),
  /** What a number counts, as it stands in the column's head; the model's column of this name says it where nothing is said. */
  unit: text.optional(),
  /** The result column that holds the currency of this amount. */
  currency: identifier.optional(),
  sensitivity: z.array(Sensitivity).default([]),
  link: Link.optional(),
  /** Codes or values that carry a state, for the tag's colour: open, ended, held, destroyed. */
  states: z.record(z.string(), z.enum(['open', 'ended', 'held', 'destroyed'])).optional(),
  /** Fetched for links and sorting, not shown unless chosen. */
  hidden: z.boolean().default(false),
})
export type OutputColumn = z.infer<typeof OutputColumn>

export const Expectation = z
  .strictObject({
    rows: z.int().min(0).optional(),
    atLeast: z.int().min(1).optional(),
    /** The first rows, in order, as canonical text of the named columns. */
    first: z.array(z.record(identifier, z.string().nullable())).optional(),
    /** A row that must be somewhere among them. */
    includes: z.record(identifier, z.string().nullable()).optional(),
  })
  .refine((expect) => Object.keys(expect).length > 0, 'an example must expect something')
export type Expectation = z.infer<typeof Expectation>

export const Example = z.strictObject({
  title: text,
  inputs: z.record(identifier, z.union([z.string(), z.array(z.string())])),
  expect: Expectation,
})
export type Example = z.infer<typeof Example>

export const QueryFile = z.strictObject({
  title: text,
  description: text.optional(),
  domain: identifier,
  parameters: z.array(Parameter),
  columns: z.array(OutputColumn).min(1),
  /** Orders a person may choose; the first is the order of the SQL. `-name` descends. Ties are broken by key in the SQL. */
  sorts: z.array(z.strictObject({ name: templateName, label: text, by: z.array(z.string()).min(1) })).default([]),
  /** A search whose optional inputs are all empty is refused unless one of each of these groups is given. */
  requireOneOf: z.array(z.array(identifier).min(1)).default([]),
  /** What is said where nothing is found, with the next step. */
  empty: text.optional(),
  examples: z.array(Example).min(1),
})
export type QueryFile = z.infer<typeof QueryFile>

export interface Query extends QueryFile {
  name: string
  sql: string
  view: string
  /** Paths for messages, relative to the repository or the published prefix. */
  files: { json: string; sql: string; view: string }
}

const Constant = z.union([z.string(), z.number(), z.boolean()])
export const Fixed = z.strictObject({ fixed: z.union([Constant, z.array(Constant).min(1)]) })
/** A value that the form does not ask for; a list of them where the parameter takes one. */
export type Fixed = z.infer<typeof Fixed>

/** The form's parameter by its name, a fixed value, or null: not given. */
export type PanelInput = string | Fixed | null
/** No union, which would tell of one of its parts alone. */
export const PanelInput = z.custom<PanelInput>(
  (input) => input === null || identifier.safeParse(input).success || Fixed.safeParse(input).success,
  { error: ({ input }) => spellPanelInput(input) },
)

/** In `inputs` of a panel: every parameter that is not named there. */
export const OTHERS = '*'

export const Panel = z.strictObject({
  name: templateName,
  query: templateName,
  title: text,
  /** By parameter of the query, or `*` for all that are not named. A parameter of which nothing is said is the form's of its own name. */
  inputs: z.record(z.union([identifier, z.literal(OTHERS)]), PanelInput).default({}),
  /** `summary` shows one record's key facts, `timeline` events in order; both are still rows of a query. */
  layout: z.enum(['table', 'summary', 'timeline']).default('table'),
  /** What is shown, in this order; the other columns may still be chosen. Those that the query does not hide where nothing is said. */
  columns: z.array(identifier).min(1).optional(),
  /** One of the query's `sorts`; the first where nothing is said. */
  sort: templateName.optional(),
  /** What is said where nothing is found, where the query's own words do not fit. */
  empty: text.optional(),
})
export type Panel = z.infer<typeof Panel>

function spellPanelInput(input: unknown): string {
  const written = JSON.stringify(input)
  const constant = `a value that is always the same is written { "fixed": ${written} }`
  if (typeof input === 'string') return `${written} is not the name of a parameter; ${constant}`
  if (typeof input !== 'object' || Array.isArray(input)) return constant
  const [key] = Object.keys(input ?? {}).filter((name) => name !== 'fixed')
  const other = key === undefined ? '' : `there is no property \`${key}\`; `
  return `${other}this is the name of the form's parameter, { "fixed": a value or a list of them } or null`
}

/** Inputs of the form, and what comes of it in panels. */
export const UseCaseExample = z.strictObject({
  title: text,
  inputs: z.record(identifier, z.union([z.string(), z.array(z.string())])),
  /** By panel. */
  expect: z
    .record(templateName, Expectation)
    .refine((expect) => Object.keys(expect).length > 0, 'an example must expect something of a panel'),
})
export type UseCaseExample = z.infer<typeof UseCaseExample>

export const UseCaseFile = z.strictObject({
  title: text,
  description: text,
  /** Words a person might use instead; the start page's search finds it by them. */
  keywords: z.array(text).default([]),
  domain: identifier,
  /** `search` finds records, `file` shows one record's dossier, `report` a list at a date. */
  kind: z.enum(['search', 'file', 'report']),
  /** Order and wording of the form; a name not listed here is taken from the panels' queries as it is. */
  parameters: z
    .array(
      z.strictObject({
        name: identifier,
        label: text.optional(),
        hint: text.optional(),
        required: z.boolean().optional(),
        default: z.string().optional(),
      }),
    )
    .default([]),
  panels: z.array(Panel).min(1),
  /** A search that may read more, by the bound that is known before it starts, is refused; `bytes` of all its panels together. */
  budget: z.strictObject({ bytes: z.int().positive() }).optional(),
  /** For kind `file`: the citable title block, from the first row of a panel. */
  record: z
    .strictObject({
      panel: templateName,
      kind: text,
      number: identifier,
      holder: identifier.optional(),
      state: identifier.optional(),
    })
    .optional(),
  /** For kind `search`: where Enter on a row goes. Also taken from the first column with a link. */
  opens: Link.optional(),
  /** Beside those of the queries: what the panels together, with what they fix, must find. */
  examples: z.array(UseCaseExample).default([]),
})
export type UseCaseFile = z.infer<typeof UseCaseFile>

/** A use case with its parameters resolved from its panels' queries. */
export interface UseCase extends Omit<UseCaseFile, 'parameters'> {
  name: string
  application: string
  parameters: Parameter[]
  /** Of each group at least one input must be given; from the panels' queries. */
  requireOneOf: string[][]
  /** The first of its examples, or of its panels' queries', for placeholders. */
  example: Record<string, string | string[]>
  file: string
}

/** Inputs as they travel: text, or a list of texts. Empty text and absence are the same. */
export type Inputs = Record<string, string | string[]>

/** One thing the check has found. `line` counts from 1. */
export interface Finding {
  file: string
  line?: number
  column?: number
  message: string
  /** What was probably meant. */
  hint?: string
}
