import { InputError } from '../../../errors.ts'
import * as sentences from '../../pool/sentences.ts'
import type { ResultColumn, Statement } from '../../port.ts'
import { marksOf, maskedChoice, maskedChoiceMessage, type StatementReading } from '../../reading.ts'
import { Failed, Refused } from '../../worker/failures.ts'
import type { KnownApplication } from '../applications.ts'
import { athenaLiteral } from '../athena-literal.ts'
import * as own from '../sentences.ts'
import type { Naming } from './committed.ts'
import { limited, withQueries } from './splice.ts'
import { type Source, tableSelect } from './table-select.ts'

/** Bytes of text that Athena takes. */
const longest = 262_144

export interface AthenaStatement {
  sql: string
  parameters: string[]
  /** Of the catalog. */
  version: string
  /** Rows may be missing from a table that it reads. */
  ruled: boolean
}

export interface Wanted extends Omit<Source, 'naming'> {
  /** Rows at most, where there may not be any number. */
  limit?: number
  careful?: boolean
  /** Objects of a table named one by one. */
  objectsNamed: number
}

/** Throws Failed or Refused for what is not run: it is told before anything is read, as the embedded engine would. */
export function athenaStatement(statement: Statement, wanted: Wanted): AthenaStatement {
  const reading = readingOf(statement)
  const { application } = wanted
  if (statement.places && statement.restrictions) throw new Refused('Places of rows are told of a whole table only.')
  mustMayRun(statement, reading, application)
  const masked = maskedChoice(reading.chosenBy, statement.restrictions)
  if (masked.length > 0)
    throw new Failed({ kind: 'masked', message: maskedChoiceMessage(masked), retryable: false, columns: masked })
  const parameters = statement.values.map((value, index) => parameterOf(value, index))
  const written = shortEnough(statement, Object.keys(reading.used), wanted)
  return { ...written, parameters, version: application.version }
}

/** Names and marks of the result's columns. */
export const marks = ({
  reading,
  restrictions,
}: Statement): (Pick<ResultColumn, 'masked' | 'from'> & {
  name: string
})[] => (reading?.columns ?? []).map((column) => ({ name: column.name, ...marksOf(column, restrictions) }))

export function readingOf({ reading }: Statement): StatementReading {
  if (!reading) throw new Failed(own.notPublished())
  return reading
}

/** Throws Failed or Refused where a statement may not be run for what it names. */
export function mustMayRun(
  { restrictions }: Statement,
  reading: StatementReading,
  { tables, absent, rowRules }: KnownApplication,
): void {
  const unknown = (restrictions?.rowRules ?? []).filter((rule) => !rowRules.has(rule))
  if (unknown.length > 0) throw new Failed(sentences.unknownRules(unknown))
  for (const name of Object.keys(reading.used)) {
    const granted = restrictions?.tables.includes(name) ?? true
    if (granted && tables.has(name)) continue
    throw new Refused(
      granted && absent.has(name)
        ? `The table "${name}" was never delivered: the archive holds nothing of it.`
        : `There is no table "${name}".`,
    )
  }
}

function parameterOf(value: Statement['values'][number], index: number): string {
  try {
    return athenaLiteral(value)
  } catch (error) {
    // Which of them it is, and never what it is.
    if (error instanceof InputError) throw new Refused(`Value ${index + 1}: ${error.message}`)
    throw error
  }
}

/** Tables with the most objects are the first whose objects are told by less. */
function shortEnough(statement: Statement, names: readonly string[], wanted: Wanted) {
  const { application, objectsNamed } = wanted
  const objects = (name: string) => application.held.get(name)?.objects.length ?? 0
  const most = [...application.tables.keys()].sort((one, other) => objects(other) - objects(one))
  const naming = new Map(
    most.filter((name) => objects(name) > objectsNamed).map((name): [string, Naming] => [name, 'digested']),
  )
  const shorter: [string, Naming][] = [
    ...most.filter((name) => !naming.has(name)).map((name): [string, Naming] => [name, 'digested']),
    ...most.map((name): [string, Naming] => [name, 'by-load']),
  ]
  for (;;) {
    const made = written(statement, names, { ...wanted, naming })
    if (Buffer.byteLength(made.sql) <= longest) return made
    const next = shorter.shift()
    if (next === undefined) throw new Failed(own.textTooLong())
    naming.set(...next)
  }
}

function written(statement: Statement, names: readonly string[], wanted: Wanted & Source) {
  const { application, database, limit, careful = false } = wanted
  const selects = names.flatMap((name) => {
    const table = application.tables.get(name)
    return table ? [{ name, ...tableSelect(table, wanted, statement.restrictions, careful, statement.places) }] : []
  })
  const asked = withQueries(statement.sql, selects, [database])
  const version = application.version.replace(/[^\w.:-]/g, '_')
  return {
    // Whoever takes the execution up finds in it by which version it ran.
    sql: `${limit === undefined ? asked : limited(asked, limit)}\n/* catalog ${version} */`,
    ruled: selects.some(({ ruled }) => ruled),
  }
}

/** Version of the catalog by which a statement was written. */
export const versionIn = (sql: string | undefined): string | undefined =>
  /\/\* catalog ([\w.:-]+) \*\/\s*$/.exec(sql ?? '')?.[1]
