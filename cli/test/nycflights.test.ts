import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import { type Home, openHome } from '@muniment/archive/home'
import { loadApplication } from '@muniment/archive/model/load'
import { loadTemplates } from '@muniment/query-templates/load'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHECKOUT, docCommands, docFiles, readDoc } from './doc-blocks.ts'
import { type DocShell, docShell } from './doc-shell.ts'

const TEMPLATES_ROOT = join(CHECKOUT, 'query-templates')
const page = await readDoc('bring-your-own-system.md')
const [fetching, ...commands] = docCommands(page)
const cleaning = commands.pop()

const folder = await realpath(await mkdtemp(join(tmpdir(), 'muniment-nycflights-')))
const shell: DocShell = docShell(folder)
// The first block of the page fetches the package: without pip, or without a registry, there is nothing to test.
const fetched = await shell.run(fetching?.command ?? 'false', { strict: true })
if (fetched.code !== 0)
  console.warn(`nycflights is not tested: the package could not be fetched by pip.\n${fetched.stderr.trim()}`)

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('The page about bringing a system', () => {
  it.each(docFiles(page))('shows $path as it is shipped', async ({ path, text }) => {
    expect(await readFile(join(CHECKOUT, path), 'utf8')).toBe(text)
  })

  it('shows the accepted deviation as it is shipped', async () => {
    const { tables } = await loadApplication(TEMPLATES_ROOT, 'nycflights')
    const rules = tables.flatMap(({ accept }) => accept)
    const shown = JSON.parse(`{${/^```json\n( {2}"accept": .*?)^```$/ms.exec(page)?.[1]}}`) as { accept: unknown[] }
    expect(shown.accept).toHaveLength(1)
    expect(rules).toContainEqual(shown.accept[0])
  })
})

describe.skipIf(fetched.code !== 0)('The flights of nycflights13, brought as the page says', () => {
  it('come as five files', () => expect(said(fetched.stdout)).toEqual(fetching?.output?.trim().split('\n')))

  it.each(commands.map(({ command, output }) => ({ title: command.trim().split('\n').at(-1), command, output })))(
    'run: $title',
    async ({ command, output }) => {
      const { stdout, stderr } = await shell.run(command)
      const lines = said(stdout)
      for (const line of output?.trim().split('\n') ?? [])
        expect(
          lines.some((one) => one.includes(line.trim())),
          `${line}\nis not among\n${stdout}${stderr}`,
        ).toBe(true)
    },
    300_000,
  )
})

describe.skipIf(fetched.code !== 0)('The archive of nycflights', () => {
  let home: Home
  let nyc: string
  const catalog = () => createLocalCatalog({ store: home.store, home, templatesRoot: TEMPLATES_ROOT })

  beforeAll(async () => {
    nyc = (await shell.run('echo "$NYC"')).stdout.trim()
    home = await openHome(join(nyc, 'archive'))
  })
  afterAll(() => home?.close())

  it('holds every row of every table, and its files are as the model says', async () => {
    const { snapshot, drift } = await catalog().crawl('nycflights')
    expect(drift).toEqual([])
    expect(Object.fromEntries(snapshot.tables.map(({ name, rows }) => [name, rows]))).toEqual({
      airlines: 16,
      airports: 1458,
      flights: 336_776,
      planes: 3322,
      weather: 26_115,
    })
  })

  it('holds each row as the files have it, read by something else', async () => {
    const { tables } = await loadApplication(TEMPLATES_ROOT, 'nycflights')
    for (const { name, domain, columns } of tables) {
      const delivered = columns.flatMap(({ source, type, nulls, name: own }) => {
        if (source === undefined) return []
        const text = nulls.length > 0 ? `nullif("${source}", '${nulls[0]}')` : `"${source}"`
        return [{ own, source: `CAST(${text} AS ${type}) AS "${own}"` }]
      })
      const csv = `SELECT ${delivered.map(({ source }) => source).join(', ')} FROM read_csv('${nyc}/delivery/${name}.csv', all_varchar = true)`
      const parquet = `SELECT ${delivered.map(({ own }) => `"${own}"`).join(', ')} FROM '${nyc}/archive/archive/nycflights/${domain}/${name}/*.parquet'`
      // As many rows on both sides (the test before this), so a row of the archive alone would leave one of the files alone.
      expect(await count(`(${csv}) EXCEPT ALL (${parquet})`), name).toBe(0)
    }
  })

  it('was loaded with two deviations accepted for as many rows as there are, and no other', async () => {
    const loads: string[] = []
    for await (const { key } of home.store.list('loads/nycflights/')) if (key.endsWith('/report.json')) loads.push(key)
    expect(loads).toHaveLength(1)
    const report = JSON.parse(String((await home.store.get(loads[0] ?? ''))?.body)) as { findings: object[] }
    expect(report.findings).toEqual([
      expect.objectContaining({ kind: 'orphan', columns: ['tail_number'], count: 50_094, atMost: 50_094 }),
      expect.objectContaining({ kind: 'orphan', columns: ['destination_code'], count: 7602, atMost: 7602 }),
    ])
  })

  it('is searched by four queries and three use cases', async () => {
    const { queries, useCases } = await loadTemplates(TEMPLATES_ROOT, 'nycflights')
    expect([...queries.keys()]).toEqual(['aircraft-airports', 'aircraft-summary', 'airport-hours', 'find-flight'])
    expect([...useCases.keys()]).toEqual(['aircraft-file', 'airport-day', 'find-flight'])
  })

  it('goes with the last block of the page', async () => {
    expect((await shell.run(cleaning?.command ?? 'false', { strict: true })).code).toBe(0)
    expect((await shell.run('ls "$NYC"')).code).not.toBe(0)
  })
})

/** Lines of an output with what differs from run to run left out, as the page leaves it out. */
function said(output: string): string[] {
  return output
    .trim()
    .split('\n')
    .map((line) => line.replaceAll(/\b[0-9a-f]{32}\b/g, '…').replaceAll(/(?<=refused-)[0-9a-f]{8}\b/g, '…'))
}

async function count(select: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const reader = await connection.runAndReadAll(`SELECT count(*) FROM (${select})`)
    return Number(reader.getRows()[0]?.[0])
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
