import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import { openHome } from '@muniment/archive/home'

export const checkout = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** Where a size's delivery, archive and templates are kept between runs. */
export interface Setting {
  policies: number
  delivery: string
  home: string
  templatesRoot: string
}

/** The sample's delivery at this size, generated once, and templates with the bench's own use case beside pas's. */
export async function prepareSetting(policies: number): Promise<Setting> {
  const folder = join(checkout, '.work', 'bench', String(policies))
  const setting = {
    policies,
    delivery: join(folder, 'delivery'),
    home: join(folder, 'home'),
    templatesRoot: join(folder, 'templates'),
  }
  await mkdir(folder, { recursive: true })
  if (!existsSync(join(setting.delivery, 'manifest.json'))) {
    console.log(`Generating ${policies.toLocaleString('en')} policies ...`)
    await muniment(setting, ['sample', 'pas', '--policies', String(policies), '--seed', '1', '--out', setting.delivery])
  }
  await writeTemplates(setting)
  return setting
}

/** Runs the command line in a process of its own, so that its memory and start are part of what is measured. */
export async function muniment(setting: Setting, words: string[]): Promise<void> {
  const child = serve(setting, words, 'inherit')
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve))
  if (code !== 0) throw new Error(`muniment ${words.join(' ')} ended with ${code}`)
}

export function serve(setting: Setting, words: string[], stdout: 'inherit' | 'pipe') {
  return spawn(process.execPath, [join(checkout, 'bin', 'muniment.mjs'), ...words], {
    env: { ...process.env, MUNIMENT_HOME: setting.home, MUNIMENT_TEMPLATES: setting.templatesRoot },
    stdio: ['ignore', stdout, 'inherit'],
  })
}

export async function readCatalog({ home: path, templatesRoot }: Setting): Promise<CatalogSnapshot> {
  const home = await openHome(path, { mode: 'auto' })
  try {
    const snapshot = await createLocalCatalog({ store: home.store, home, templatesRoot }).read('pas')
    if (!snapshot) throw new Error('nothing is loaded')
    return snapshot
  } finally {
    await home.close()
  }
}

/** What the export bench takes along: a million receipts, the kind of list that an auditor asks for. */
export const receiptColumns = [
  'receipt_number',
  'policy_number',
  'method',
  'status',
  'booked_on',
  'value_date',
  'amount',
  'currency',
  'reference',
]
export const receiptsSql = `SELECT ${receiptColumns.join(', ')} FROM receipts ORDER BY policy_number, receipt_number LIMIT 1000000`

async function writeTemplates({ templatesRoot }: Setting) {
  await cp(join(checkout, 'query-templates', 'pas'), join(templatesRoot, 'pas'), { recursive: true })
  const query = join(templatesRoot, 'pas', 'queries', 'bench-receipts')
  await mkdir(query, { recursive: true })
  const type = (name: string) =>
    name.endsWith('_on') || name.endsWith('_date') ? 'date' : name === 'amount' ? 'decimal(14,2)' : 'varchar'
  const columns = receiptColumns.map((name) => ({
    name,
    type: type(name),
    label: name,
    ...(name === 'amount' ? { currency: 'currency' } : {}),
  }))
  await writeFile(
    join(query, 'query.json'),
    JSON.stringify({
      title: 'Receipts',
      domain: 'receipts',
      parameters: [],
      columns,
      examples: [{ title: 'all', inputs: {}, expect: { atLeast: 1 } }],
    }),
  )
  await writeFile(join(query, 'query.sql.njk'), receiptsSql)
  await writeFile(join(query, 'view.html.njk'), '{% import "components.njk" as ui %}{{ ui.panel(panel) }}')
  await writeFile(
    join(templatesRoot, 'pas', 'use-cases', 'bench-receipts.json'),
    JSON.stringify({
      title: 'A million receipts',
      description: 'For the bench',
      domain: 'receipts',
      kind: 'report',
      panels: [{ name: 'receipts', query: 'bench-receipts', title: 'Receipts' }],
    }),
  )
}
