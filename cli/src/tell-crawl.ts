import type { Catalog, Drift } from '@muniment/archive/catalog/port'
import { printable } from './printable.ts'

type Crawled = Awaited<ReturnType<Catalog['crawl']>>

/** As one JSON document would say it. */
export function crawledTables({ snapshot }: Crawled) {
  return snapshot.tables.map(({ name, domain, rows, bytes, objects, incomplete }) => ({
    name,
    domain,
    rows,
    bytes,
    objects: objects.length,
    ...(incomplete && { incomplete }),
  }))
}

/** What somebody has to look into; a change of columns alone is only told. */
export const findingsOf = (drift: readonly Drift[]): Drift[] => drift.filter(({ kind }) => kind !== 'changed-columns')

/** Prints what a crawl found and sets the exit code: 1 where something is not as the model says. */
export function tellCrawl(crawled: Crawled, json: boolean): void {
  const { snapshot, drift } = crawled
  const tables = crawledTables(crawled)
  if (json) {
    const { application, version, crawled: at } = snapshot
    console.log(JSON.stringify({ application, version, crawled: at, tables, findings: drift }))
  } else {
    console.table(tables.map((table) => ({ ...table, name: printable(table.name), domain: printable(table.domain) })))
    for (const { message } of drift) console.log(printable(message))
    if (findingsOf(drift).length === 0) console.log('The files are as the model says.')
  }
  process.exitCode = findingsOf(drift).length === 0 ? 0 : 1
}
