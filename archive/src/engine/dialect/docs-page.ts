import { constructs } from './constructs.ts'
import { refused } from './functions/refused.ts'
import { allowedFunctions } from './functions/table.ts'

const cell = (text: string) => text.replaceAll('|', '\\|')
const code = (text: string) => `\`${cell(text)}\``
const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

/** docs/sql-dialect.md, made from the tables by which statements are checked, so that it says what is so. */
export function dialectPage(): string {
  const kinds = [...new Set(allowedFunctions.map((row) => row.kind))]
  const functions = kinds.map(
    (kind) =>
      `### ${kind.charAt(0).toUpperCase()}${kind.slice(1)}\n\n${table(
        ['function', 'why its answer is Athena’s'],
        allowedFunctions.filter((row) => row.kind === kind).map((row) => [code(row.signature), cell(row.because)]),
      )}`,
  )
  return `# The SQL of query templates

Templates are written in Athena's dialect (Trino's SQL). The embedded engine is DuckDB; it answers them as Athena does, because each
statement is parsed, typed by the model, and rewritten or refused. What is not on this page is refused with a sentence that names the
place. \`npx muniment templates check\` tells before anybody searches; the engine holds to the same rules when it runs a query.

Values come as \`?\` with the type that the parameter declares. Tables are named without schema. There is one statement, and it is a
SELECT. The clock and random numbers are not to be had, so that a search can be run again: take a date as a parameter with the default
\`today\`.

Made by \`UPDATE_DOCS=1 npx vitest run archive/test/dialect-page.test.ts\` from archive/src/engine/dialect/.

## Constructs

${table(
  ['construct', '', 'reason', 'instead'],
  constructs.map((row) => [
    cell(row.construct),
    row.how === 'equal' ? 'answers alike' : '**refused**',
    cell(row.because),
    cell(row.instead ?? ''),
  ]),
)}

## Functions

${functions.join('\n\n')}

## Refused functions

${table(
  ['functions', 'because', 'instead'],
  refused.map((row) => [row.names.map(code).join(' '), cell(row.because), cell(row.instead ?? '')]),
)}

## Results

A result is text in canonical form: dates \`2024-07-05\`, timestamps \`2024-07-05 13:45:00.000\`, decimals with their scale, booleans
\`true\` and \`false\`, doubles as Java writes them (\`1.0\`, \`1.0E7\`), NULL as no value. Arrays and intervals cannot be columns of a result.
`
}
