import type { Row } from '@muniment/archive/engine/port'
import { bind } from '@muniment/query-templates/bind'
import { checkTemplates } from '@muniment/query-templates/check'
import { checkExamples, runWith } from '@muniment/query-templates/examples'
import { checkInputs } from '@muniment/query-templates/inputs'
import { honouredBy, panelInputs } from '@muniment/query-templates/panel-inputs'
import { renderView } from '@muniment/query-templates/render'
import type { Inputs } from '@muniment/query-templates/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SampleArchive, sampleArchive, TEMPLATES_ROOT } from './sample-archive.ts'

describe.each([
  { policies: 1000, seed: 1 },
  { policies: 1000, seed: 20241231 },
])('The templates of pas over $policies policies with seed $seed', (size) => {
  let archive: SampleArchive

  beforeAll(async () => {
    archive = await sampleArchive(size)
  })
  afterAll(() => archive?.close())

  // What the check says does not depend on the rows, and preparing every variant takes a while.
  if (size.seed === 1)
    it('fit the catalog and are understood by the engine', async () => {
      const catalog = await archive.catalog.read('pas')
      expect(catalog?.tables).toHaveLength(archive.templates.application.tables.length)
      const findings = await checkTemplates(TEMPLATES_ROOT, 'pas', {
        ...(catalog ? { catalog } : {}),
        engine: archive.engine,
      })
      expect(findings).toEqual([])
    })

  it('find what their examples promise', async () => {
    const ran: string[] = []
    const findings = await checkExamples(archive.templates, runWith(archive.engine), {
      onExample: ({ name }) => ran.push(name),
    })
    expect(findings).toEqual([])
    const { queries, useCases } = archive.templates
    const withExamples = [...useCases.values()].filter(({ examples }) => examples.length > 0).map(({ name }) => name)
    expect(new Set(ran)).toEqual(new Set([...queries.keys(), ...withExamples]))
  })

  it('show every panel of every use case for its example', async () => {
    for (const { name, example } of archive.templates.useCases.values())
      for (const { panel, html, rows } of await panelsOf(archive, name, example))
        expect(html, `${name}: ${panel}`).toContain(rows.length > 0 ? 'class="m-' : 'class="m-empty"')
  })

  it('lead from a misspelt name over the policy as of a past date to the payments of a claim', async () => {
    const found = await panelsOf(archive, 'find-customer', {
      surname: 'Mueller-Luedenscheid',
      birth_date: '14.03.1957',
    })
    const customer = await panelsOf(archive, 'customer-file', linkIn(found, 'customer-file', 'P10000001'))
    const asOf = { ...linkIn(customer, 'policy-file', '100000025'), valid_on: '2019-10-01', known_on: '2020-01-01' }
    const policy = await panelsOf(archive, 'policy-file', asOf)
    expect(htmlOf(policy, 'summary')).toContain('512.60')
    for (const { panel, html } of policy) expect(html, panel).toMatch(/(As it was|Not limited to what was) valid on/)
    const claim = await panelsOf(archive, 'claim-file', linkIn(policy, 'claim-file', 'S10000002001'))
    expect(htmlOf(claim, 'payments')).toContain('6,432.18')
    expect(linkIn(claim, 'customer-file', 'P10000005')).toEqual({ party_number: 'P10000005' })
  })

  it('list who is called so now before who was called so once, where the names are as close', async () => {
    const { templates, engine } = archive
    const query = templates.queries.get('find-customer')
    if (!query) throw new Error('There is no query find-customer.')
    const inputs = checkInputs(query, { surname: 'Meyer', surname_sound: 'Meyer' }, templates.application)
    const { columns, rows } = await runWith(engine)(bind(templates, query, inputs))
    const at = (name: string) => columns.findIndex((column) => column.name === name)
    const order = rows.map((row) => `${row[at('closeness')]} ${row[at('former')]}`)
    expect(new Set(order).size).toBeGreaterThan(2)
    expect(order).toEqual([...order].sort())
    for (const row of rows) expect(row[at('former')]).toBe(row[at('found_as')] === null ? '0' : '1')
  })

  it('show hostile texts as texts', async () => {
    const panels = await panelsOf(archive, 'claim-file', { claim_number: 'S10000021001' })
    for (const panel of ['timeline', 'correspondence']) {
      expect(htmlOf(panels, panel)).toContain('&lt;script&gt;')
      expect(htmlOf(panels, panel)).toContain('{{constructor.constructor(')
      expect(htmlOf(panels, panel)).not.toMatch(/<(script|img|svg|math|style|iframe|h1)\b/i)
    }
  })
})

interface ShownPanel {
  panel: string
  rows: Row[]
  html: string
}

/** What a person sees of a use case: each panel's first 25 rows as a fragment. */
async function panelsOf({ templates, engine }: SampleArchive, name: string, given: Inputs): Promise<ShownPanel[]> {
  const useCase = templates.useCases.get(name)
  if (!useCase) throw new Error(`There is no use case ${name}.`)
  const inputs = checkInputs(useCase, given, templates.application)
  const run = runWith(engine)
  const shown: ShownPanel[] = []
  for (const panel of useCase.panels) {
    const query = templates.queries.get(panel.query)
    if (!query) throw new Error(`There is no query ${panel.query}.`)
    const bound = panelInputs(query, panel, inputs, templates.application)
    const { columns, rows } = await run(bind(templates, query, bound, panel.sort ? { sort: panel.sort } : {}))
    const shownColumns = panel.columns ?? query.columns.filter(({ hidden }) => !hidden).map((column) => column.name)
    const html = renderView(templates, query, {
      title: panel.title,
      layout: panel.layout,
      columns: shownColumns.flatMap((column) => query.columns.filter((one) => one.name === column)),
      rows: rows
        .slice(0, 25)
        .map((row) => Object.fromEntries(columns.map(({ name: column }, index) => [column, row[index] ?? null]))),
      total: rows.length,
      more: false,
      page: 1,
      pageSize: 25,
      inputs: { ...inputs, ...bound },
      bound,
      empty: query.empty ?? '',
      honours: honouredBy(query, panel),
    })
    shown.push({ panel: panel.name, rows, html })
  }
  return shown
}

const htmlOf = (panels: ShownPanel[], name: string): string => panels.find(({ panel }) => panel === name)?.html ?? ''

/** The inputs of the first link to a use case that names a record. */
function linkIn(panels: ShownPanel[], useCase: string, record: string): Inputs {
  const links = panels.flatMap(({ html }) => [
    ...html.matchAll(/<a [^>]*data-use-case="([^"]+)" data-inputs="([^"]+)"/g),
  ])
  const texts = links.filter((link) => link[1] === useCase).map((link) => (link[2] ?? '').replaceAll('&quot;', '"'))
  const link = texts.find((text) => text.includes(`"${record}"`))
  if (link === undefined) throw new Error(`No link leads to ${useCase} of ${record}; there are ${texts.join(', ')}.`)
  return JSON.parse(link) as Inputs
}
