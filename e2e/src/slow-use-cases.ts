import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

interface Query {
  sql: string
  columns: { name: string; type: string; label: string }[]
}

/** Joins that no sample is small enough for. */
const queries: Record<string, Query> = {
  endless: {
    sql: `SELECT count(*) AS hits
FROM invoices a CROSS JOIN invoices b CROSS JOIN invoices c
WHERE a.amount + b.amount = c.amount
ORDER BY hits`,
    columns: [{ name: 'hits', type: 'bigint', label: 'Hits' }],
  },
  'many-rows': {
    sql: `SELECT a.invoice_number, b.party_number
FROM invoices a CROSS JOIN parties b
ORDER BY a.invoice_number, b.party_number`,
    columns: [
      { name: 'invoice_number', type: 'varchar', label: 'Invoice number' },
      { name: 'party_number', type: 'varchar', label: 'Party number' },
    ],
  },
}

const useCases = {
  endless: {
    title: 'Quick and endless',
    panels: [
      { name: 'quick', query: 'codes', title: 'Quick' },
      { name: 'slow', query: 'endless', title: 'Endless' },
    ],
  },
  'many-rows': { title: 'Many rows', panels: [{ name: 'rows', query: 'many-rows', title: 'Many rows' }] },
}

/** Adds use cases that run until they are stopped, or fill a file for a long time. */
export async function addSlowUseCases(templates: string): Promise<void> {
  const root = join(templates, 'pas')
  for (const [name, { sql, columns }] of Object.entries(queries)) {
    const folder = join(root, 'queries', name)
    const examples = [{ title: 'All', inputs: {}, expect: { rows: 1 } }]
    await mkdir(folder, { recursive: true })
    await writeFile(
      join(folder, 'query.json'),
      JSON.stringify({ title: name, domain: 'receipts', parameters: [], columns, empty: 'Nothing.', examples }),
    )
    await writeFile(join(folder, 'query.sql.njk'), `${sql}\n`)
    await writeFile(join(folder, 'view.html.njk'), '{% import "components.njk" as ui %}{{ ui.panel(panel) }}\n')
  }
  for (const [name, useCase] of Object.entries(useCases)) {
    await writeFile(
      join(root, 'use-cases', `${name}.json`),
      JSON.stringify({ ...useCase, description: 'Takes its time.', keywords: [], domain: 'receipts', kind: 'report' }),
    )
  }
}
