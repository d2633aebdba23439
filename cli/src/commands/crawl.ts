import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import { openHome } from '@muniment/archive/home'
import { printable } from '../printable.ts'
import { readSettings } from '../settings.ts'

export async function crawl(options: { application: string; json?: boolean }) {
  const { home: path, templatesRoot } = readSettings()
  const home = await openHome(path, { mode: 'auto' })
  try {
    const { snapshot, drift } = await createLocalCatalog({ store: home.store, home, templatesRoot }).crawl(
      options.application,
    )
    const tables = snapshot.tables.map(({ name, domain, rows, bytes, objects, incomplete }) => ({
      name,
      domain,
      rows,
      bytes,
      objects: objects.length,
      ...(incomplete && { incomplete }),
    }))
    if (options.json) {
      console.log(
        JSON.stringify({
          application: snapshot.application,
          version: snapshot.version,
          crawled: snapshot.crawled,
          tables,
          findings: drift,
        }),
      )
    } else {
      console.table(tables.map((table) => ({ ...table, name: printable(table.name), domain: printable(table.domain) })))
      for (const { message } of drift) console.log(printable(message))
      if (drift.length === 0) console.log('The files are as the model says.')
    }
    process.exitCode = drift.length === 0 ? 0 : 1
  } finally {
    await home.close()
  }
}
