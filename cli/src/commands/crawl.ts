import { createLocalCatalog } from '@muniment/archive/catalog/local-catalog'
import { openHome } from '@muniment/archive/home'
import { isForCloud } from '../cloud-settings.ts'
import { readSettings } from '../settings.ts'
import { tellCrawl } from '../tell-crawl.ts'

/** Of the data folder, or of the bucket where MUNIMENT_BUCKET names one. */
export async function crawl(options: { application: string; json?: boolean }) {
  const crawled = isForCloud() ? await crawlCloud(options.application) : await crawlHome(options.application)
  tellCrawl(crawled, options.json === true)
}

async function crawlCloud(application: string) {
  const { withCloud } = await import('../cloud.ts')
  return withCloud(({ catalog }) => catalog.crawl(application))
}

async function crawlHome(application: string) {
  const { home: path, templatesRoot } = readSettings()
  const home = await openHome(path, { mode: 'auto' })
  try {
    return await createLocalCatalog({ store: home.store, home, templatesRoot }).crawl(application)
  } finally {
    await home.close()
  }
}
