import { tsImport } from 'tsx/esm/api'
import type { DialectFinding } from './context.ts'

interface Grammar {
  validate(sql: string): unknown
  createErrorListener(): object
}

interface Fault {
  line: number
  column: number
  near: string
}

let loading: Promise<(sql: string) => Fault | undefined> | undefined

/** The package is written for bundlers (imports without endings), which Node reads only through tsx; of its grammars only this is loaded. */
async function load() {
  const module: { TrinoSQL: new () => Grammar } = await tsImport(
    'dt-sql-parser/dist/parser/trino/index.js',
    import.meta.url,
  )
  const grammar = new module.TrinoSQL()
  let first: Fault | undefined
  // Its own listener works out what could stand there instead, slowly, and writes to the console meanwhile.
  grammar.createErrorListener = () => ({
    syntaxError(_: unknown, symbol: { text?: string } | null, line: number, column: number) {
      first ??= { line, column: column + 1, near: symbol?.text ?? '' }
    },
    reportAmbiguity() {},
    reportAttemptingFullContext() {},
    reportContextSensitivity() {},
  })
  return (sql: string) => {
    first = undefined
    grammar.validate(sql)
    return first
  }
}

/** Where the text is no SQL to Athena's parser. DuckDB reads more: LIMIT before OFFSET, SELECT after FROM, a comma too many. */
export async function grammarFindings(sql: string): Promise<DialectFinding[]> {
  loading ??= load()
  const fault = (await loading)(sql)
  if (!fault) return []
  const { line, column, near } = fault
  const message =
    near === '' || near === '<EOF>'
      ? 'Athena’s parser expects more here.'
      : `Athena’s parser does not expect "${near}" here.`
  return [{ line, column, message, ...(/^offset$/i.test(near) ? { hint: 'OFFSET comes before LIMIT.' } : {}) }]
}
