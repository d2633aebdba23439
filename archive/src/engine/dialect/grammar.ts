import { tsImport } from 'tsx/esm/api'
import type { DialectFinding } from './context.ts'
import { nestedTooDeeply } from './parser-words.ts'

interface Grammar {
  validate(sql: string): unknown
  createErrorListener(): object
}

interface Fault {
  line: number
  column: number
  near: string
}

let loading: Promise<(sql: string) => Fault | typeof tooDeep | undefined> | undefined

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
    try {
      grammar.validate(sql)
    } catch (error) {
      // Its parser goes down a call for each bracket.
      if (!(error instanceof RangeError)) throw error
      return tooDeep
    }
    return first
  }
}

const tooDeep = Symbol('nested too deeply')

/** Where the text is no SQL to Athena's parser. DuckDB reads more: LIMIT before OFFSET, SELECT after FROM, a comma too many. */
export async function grammarFindings(sql: string): Promise<DialectFinding[]> {
  loading ??= load()
  const fault = (await loading)(sql)
  if (!fault) return []
  if (fault === tooDeep) return [nestedTooDeeply]
  const { line, column, near } = fault
  const message =
    near === '' || near === '<EOF>'
      ? 'Athena’s parser expects more here.'
      : `Athena’s parser does not expect "${near}" here.`
  return [{ line, column, message, ...(/^offset$/i.test(near) ? { hint: 'OFFSET comes before LIMIT.' } : {}) }]
}
