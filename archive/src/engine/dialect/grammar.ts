import type { TrinoSQL } from 'dt-sql-parser'
import { tsImport } from 'tsx/esm/api'
import type { DialectFinding } from './context.ts'

let grammar: Promise<TrinoSQL> | undefined

/** The package is written for bundlers (imports without endings), which Node reads only through tsx; of its grammars only this is loaded. */
const load = () => {
  grammar ??= (async () => {
    const module = (await tsImport('dt-sql-parser/dist/parser/trino/index.js', import.meta.url)) as {
      TrinoSQL: new () => TrinoSQL
    }
    return new module.TrinoSQL()
  })()
  return grammar
}

/** Where the text is no SQL to Athena's parser. DuckDB reads more: LIMIT before OFFSET, SELECT after FROM, a comma too many. */
export async function grammarFindings(sql: string): Promise<DialectFinding[]> {
  const errors = (await load()).validate(sql)
  return errors.slice(0, 1).map((error) => {
    const near = sql.split('\n')[error.startLine - 1]?.slice(error.startColumn - 1, error.endColumn - 1) ?? ''
    const told = /failed predicate/.test(error.message) ? `'${near}' is not valid at this position` : error.message
    return {
      line: error.startLine,
      column: error.startColumn,
      message: `Athena’s parser does not read this: ${told.replace(/, expecting.*$/, '')}.`,
      ...(/^offset$/i.test(near) ? { hint: 'OFFSET comes before LIMIT.' } : {}),
    }
  })
}
