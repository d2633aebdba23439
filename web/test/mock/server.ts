/**
 * A stand-in for the API with plausible contents, for work on the pages alone: `npx tsx web/test/mock/server.ts`. It serves the built
 * application under the same policy. The model is the real one.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import type { Export, ModelDescription, PanelState, Search, SignIn } from '@muniment/api/contract'
import { Hono } from 'hono'
import { type MockPanel, panelOf, useCases } from './data.ts'
import { summaryHtml, tableHtml, timelineHtml } from './html.ts'

const templates = join(import.meta.dirname, '../../../query-templates/pas')
const file = JSON.parse(readFileSync(join(templates, 'application.json'), 'utf8'))
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types dompurify"

const inForce: Search['inForce'] = { rules: 1, masks: [], rowRules: [], contact: 'the data protection office' }

interface Run {
  search: Search
  panels: Map<string, MockPanel>
  began: number
}
const runs = new Map<string, Run>()
const exported = new Map<string, { job: Export; began: number }>()
let count = 0

function current({ search, panels, began }: Run): Search {
  const age = Date.now() - began
  if (search.state === 'cancelled') return search
  const states = search.panels.map((panel): PanelState => {
    const found = panels.get(panel.name)
    if (!found || age < found.takes) return { ...panel, state: 'running' }
    return {
      ...panel,
      state: 'done',
      rows: found.rows.length,
      bytesScanned: 48_211 * (found.rows.length + 1),
      elapsedMs: found.takes,
    }
  })
  const done = states.filter((panel) => panel.state === 'done').length
  const isDone = done === states.length
  return {
    ...search,
    state: isDone ? 'done' : 'running',
    ...(isDone
      ? { finished: new Date(began + Math.max(...[...panels.values()].map((panel) => panel.takes))).toISOString() }
      : {}),
    progress: done / states.length,
    bytesScanned: states.reduce((sum, panel) => sum + panel.bytesScanned, 0),
    ...(search.kind === 'file' && done > 0
      ? {
          record: {
            kind: 'Policy',
            number: String(search.inputs.policy_number ?? 'C-004711'),
            holder: 'Müller, Anna-Sophie',
            state: 'Active',
            stateKind: 'open' as const,
          },
        }
      : {}),
    panels: states,
  }
}

const app = new Hono()
app.use(async (c, next) => {
  await next()
  c.header('content-security-policy', policy)
  c.header('x-content-type-options', 'nosniff')
})
// Whoever asks is signed in at once.
app.get('/sign-in.json', (c) => {
  const { origin } = new URL(c.req.url)
  return c.json({
    issuer: origin,
    clientId: 'muniment-web',
    scope: 'openid profile',
    audience: 'urn:muniment:api',
    demonstration: true,
    origin,
    authorization: `${origin}/oidc/auth`,
    token: `${origin}/oidc/token`,
  } satisfies SignIn)
})
app.get('/oidc/auth', (c) => c.redirect(`/signed-in?code=1&state=${c.req.query('state')}`))
app.post('/oidc/token', (c) => c.json({ access_token: 'mock', expires_in: 86_400 }))
app.get('/api/me', (c) => c.json({ id: 'local', name: 'Local person', groups: ['compliance'] }))
app.get('/api/purposes', (c) =>
  c.json([
    {
      code: 'customer-enquiry',
      label: 'Customer enquiry',
      description: 'A customer, or somebody acting for one, asks about a contract, a claim or a payment.',
    },
    {
      code: 'data-subject-request',
      label: 'Data subject request',
      description: 'A person asks for access to, correction or erasure of what is held about them.',
    },
    {
      code: 'internal-audit',
      label: 'Internal audit',
      description: 'Internal audit or compliance examines how the business was run.',
    },
  ]),
)
app.get('/api/applications', (c) =>
  c.json([
    {
      name: 'pas',
      title: file.title,
      description: file.description,
      retired: file.retired,
      domains: file.domains,
      useCases: useCases.length,
      rows: 1_904_221,
    },
  ]),
)
app.get('/api/applications/pas/use-cases', (c) => c.json(useCases))
app.get('/api/applications/pas/model', (c) => {
  const tables = readdirSync(join(templates, 'tables')).map((name) =>
    JSON.parse(readFileSync(join(templates, 'tables', name), 'utf8')),
  )
  const model: ModelDescription = {
    ...file,
    tables: tables.map((table, at) => ({
      ...table,
      source: table.source.name,
      rows: (at + 1) * 8_123,
      bytes: (at + 1) * 812_300,
      foreignKeys: (table.foreignKeys ?? []).map(
        (key: { columns: string[]; references: { table: string; columns: string[] } }) => ({
          columns: key.columns,
          table: key.references.table,
          to: key.references.columns,
        }),
      ),
      persons: (table.persons ?? []).map((person: { role: string }) => person.role),
      columns: table.columns.map(
        (column: { sensitivity?: string[]; derived?: { function: string; from: string[] } }) => ({
          ...column,
          sensitivity: column.sensitivity ?? [],
          ...(column.derived ? { derived: `${column.derived.function}(${column.derived.from.join(', ')})` } : {}),
        }),
      ),
      useCases: at % 2 ? ['find-policy', 'policy-file'] : [],
    })),
  }
  return c.json(model)
})
app.post('/api/searches', async (c) => {
  const body = await c.req.json()
  const useCase = useCases.find((one) => one.name === body.useCase)
  if (!useCase)
    return c.json({ type: 'x', title: 'No such use case', status: 404, detail: 'There is no such use case.' }, 404)
  if (body.inputs.holder === 'reject') {
    return c.json(
      {
        type: 'x',
        title: 'This cannot be searched',
        status: 400,
        detail: 'One field is wrong.',
        fields: { holder: 'The server does not like this name.' },
      },
      400,
    )
  }
  const id = `019b${String(++count).padStart(4, '0')}-77a1-7c3e-9d10-4b1fd3a0c9e2`
  const panels = new Map(useCase.panels.map((panel) => [panel.name, panelOf(useCase.name, panel.name, body.inputs)]))
  const run: Run = {
    began: Date.now(),
    panels,
    search: {
      id,
      application: 'pas',
      useCase: useCase.name,
      title: useCase.title,
      kind: useCase.kind,
      state: 'running',
      inputs: body.inputs,
      inputsRead: Object.entries(body.inputs).map(([name, value]) => ({
        name,
        label: useCase.parameters.find((one) => one.name === name)?.label ?? name,
        value: String(value),
      })),
      purpose: body.purpose,
      person: 'Local person',
      started: new Date().toISOString(),
      progress: 0,
      bytesScanned: 0,
      price: 0,
      templateHash: 'c0ffee'.repeat(10),
      loads: ['2b7d1e90a4c1'],
      inForce,
      panels: useCase.panels.map((panel) => ({
        name: panel.name,
        title: panel.title,
        layout: panel.layout,
        state: 'queued',
        bytesScanned: 0,
        elapsedMs: 0,
        honours: panels.get(panel.name)?.honours ?? [],
        columns: (panels.get(panel.name)?.columns ?? []).map((column) => ({
          name: column.name,
          label: column.label,
          type: 'varchar',
          hidden: column.hidden ?? false,
          numeric: column.type === 'money',
        })),
        sorts: [],
      })),
    },
  }
  runs.set(id, run)
  await new Promise((resolve) =>
    setTimeout(resolve, Math.min(2_000, Math.max(...[...panels.values()].map((panel) => panel.takes)))),
  )
  const search = current(run)
  return c.json(search, search.state === 'done' ? 200 : 202)
})
app.get('/api/searches', (c) =>
  c.json({
    searches: [...runs.values()]
      .reverse()
      .map(current)
      .map((search) => ({ ...search, rows: search.panels.reduce((sum, panel) => sum + (panel.rows ?? 0), 0) })),
  }),
)
app.get('/api/searches/:id', (c) => {
  const run = runs.get(c.req.param('id'))
  return run
    ? c.json(current(run))
    : c.json({ type: 'x', title: 'Not found', status: 404, detail: 'There is no such search.' }, 404)
})
app.delete('/api/searches/:id', (c) => {
  const run = runs.get(c.req.param('id'))
  if (!run) return c.notFound()
  const now = current(run)
  run.search = {
    ...now,
    state: 'cancelled',
    panels: now.panels.map((panel) => (panel.state === 'done' ? panel : { ...panel, state: 'cancelled' })),
  }
  return c.json(run.search)
})
app.get('/api/searches/:id/panels/:panel', (c) => {
  const run = runs.get(c.req.param('id'))
  const panel = run?.panels.get(c.req.param('panel'))
  const state = run?.search.panels.find((one) => one.name === c.req.param('panel'))
  if (!panel || !state) return c.notFound()
  const { page = '1', size = '50', sort = '', columns, dates = 'long' } = c.req.query()
  const key = sort.replace(/^-/, '')
  const sorted = key
    ? [...panel.rows].sort(
        (a, b) => (a[key] ?? '').localeCompare(b[key] ?? '', 'en', { numeric: true }) * (sort.startsWith('-') ? -1 : 1),
      )
    : panel.rows
  const rows = sorted.slice((Number(page) - 1) * Number(size), Number(page) * Number(size))
  const chosen = columns?.split(',')
  const shown = panel.columns.filter((column) => (chosen ? chosen.includes(column.name) : !column.hidden))
  if (rows.length === 0)
    return c.html(
      '<p class="m-empty">Nobody is named as a beneficiary. Who receives the benefit then follows from the general conditions.</p>',
    )
  const [first] = rows
  if (state.layout === 'summary' && first) return c.html(summaryHtml(shown, first, dates))
  return c.html(
    state.layout === 'timeline' ? timelineHtml(rows, dates) : tableHtml(state.title, shown, rows, sort, dates),
  )
})
app.post('/api/searches/:id/exports', async (c) => {
  const body = await c.req.json()
  const id = `export-${exported.size + 1}`
  const job: Export = {
    id,
    search: c.req.param('id'),
    panel: body.panel,
    format: body.format,
    state: 'running',
    progress: 0,
    fileName: `${body.panel}.${body.format}`,
  }
  exported.set(id, { job, began: Date.now() })
  return c.json(job, 202)
})
app.get('/api/exports/:id', (c) => {
  const found = exported.get(c.req.param('id'))
  if (!found) return c.notFound()
  const progress = Math.min(1, (Date.now() - found.began) / 1_500)
  if (found.job.state === 'cancelled' || progress < 1) return c.json({ ...found.job, progress })
  return c.json({
    ...found.job,
    state: 'done',
    progress,
    rows: 128,
    bytes: 18_231,
    ...(found.job.format === 'xlsx' ? {} : { companion: 'searched.json' }),
  })
})
app.delete('/api/exports/:id', (c) => {
  const found = exported.get(c.req.param('id'))
  if (!found) return c.notFound()
  found.job = { ...found.job, state: 'cancelled' }
  return c.json(found.job)
})
app.post('/api/exports/:id/address', async (c) => {
  const { of } = await c.req.json()
  return c.json({
    address: `/api/exports/${c.req.param('id')}/${of}`,
    until: new Date(Date.now() + 300_000).toISOString(),
  })
})
app.get('/api/exports/:id/:what', (c) =>
  c.body('policy;holder\n', 200, { 'content-disposition': 'attachment; filename="x.csv"' }),
)
app.use('*', serveStatic({ root: join(import.meta.dirname, '../../dist') }))
app.get('*', serveStatic({ path: join(import.meta.dirname, '../../dist/index.html') }))

const port = Number(process.env.PORT ?? 0)
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (info) => console.log(`http://127.0.0.1:${info.port}`))
