import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export const echoName = (at: number): string => `p${at + 1}`

export interface EchoTitles {
  useCase: string
  kind: string
  /** Of the panels: a table, key facts, a timeline. */
  panels: readonly [string, string, string]
  column: string
  parameter: string
}

/** Adds a use case that gives back, as values of records in every layout and format, what it is asked. */
export async function addEchoUseCase(templates: string, texts: readonly string[], titles: EchoTitles): Promise<void> {
  const names = texts.map((_, at) => echoName(at))
  const rows = (some: string[]) =>
    some
      .map(
        (name, at) =>
          `SELECT ${at + 1} AS n, DATE '2020-01-01' AS day, {{ ${name} }} AS words, {{ ${name} }} AS note, {{ ${name} }} AS id, {{ ${name} }} AS way`,
      )
      .join('\nUNION ALL\n')
  const columns = [
    { name: 'n', type: 'integer', label: 'Number' },
    { name: 'day', type: 'date', label: 'Day' },
    { name: 'words', type: 'varchar', label: titles.column },
    { name: 'note', type: 'varchar', label: 'Note', format: 'long-text' },
    { name: 'id', type: 'varchar', label: 'Identifier', format: 'identifier' },
    {
      name: 'way',
      type: 'varchar',
      label: 'Way',
      link: { useCase: 'find-customer', inputs: { place: 'way' } },
      states: { [texts[0] ?? '']: 'open' },
    },
  ]
  const root = join(templates, 'pas')
  const parameters = names.map((name) => ({
    name,
    type: 'string',
    label: `${titles.parameter} ${name}`,
    hint: titles.parameter,
    required: true,
  }))
  const inputs = Object.fromEntries(names.map((name) => [name, 'x']))
  const examples = [{ title: 'All', inputs, expect: { rows: names.length } }]
  const query = { title: titles.useCase, domain: 'policies', parameters, columns, empty: 'Nothing.', examples }
  const folder = join(root, 'queries', 'echo')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'query.json'), JSON.stringify(query))
  await writeFile(join(folder, 'query.sql.njk'), `SELECT * FROM (\n${rows(names)}\n) t\nORDER BY t.n\n`)
  await writeFile(join(folder, 'view.html.njk'), '{% import "components.njk" as ui %}{{ ui.panel(panel) }}\n')
  const [table, facts, story] = titles.panels
  const useCase = {
    title: titles.useCase,
    description: titles.useCase,
    keywords: [],
    domain: 'policies',
    kind: 'file',
    panels: [
      { name: 'table', query: 'echo', title: table },
      { name: 'facts', query: 'echo', title: facts, layout: 'summary' },
      { name: 'story', query: 'echo', title: story, layout: 'timeline' },
    ],
    record: { panel: 'table', kind: titles.kind, number: 'words', holder: 'note' },
  }
  await writeFile(join(root, 'use-cases', 'echo.json'), JSON.stringify(useCase))
}
