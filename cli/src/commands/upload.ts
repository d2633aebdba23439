import { openHome } from '@muniment/archive/home'
import { type UploadedLoad, upload } from '@muniment/ingest/upload/upload'
import { uploadBar } from '@muniment/ingest/upload/upload-bar'
import { type CloudArchive, withCloud } from '../cloud.ts'
import { loggedLoad } from '../logged-load.ts'
import { readSettings } from '../settings.ts'
import { crawledTables, findingsOf, tellCrawl } from '../tell-crawl.ts'

interface Options {
  application: string
  /** False with --no-crawl. */
  crawl: boolean
  json?: boolean
}

/** Brings the loads of the data folder into the bucket, and has Glue look at them. */
export async function uploadCommand(options: Options) {
  await withCloud(async (cloud) => {
    const loads = await bring(cloud, options)
    if (!options.json) tell(loads)
    const crawled = options.crawl ? await cloud.catalog.crawl(options.application) : undefined
    if (options.json)
      console.log(
        JSON.stringify({
          application: options.application,
          loads,
          ...(crawled && {
            crawled: { version: crawled.snapshot.version, tables: crawledTables(crawled), findings: crawled.drift },
          }),
        }),
      )
    else if (crawled) tellCrawl(crawled, false)
    process.exitCode = crawled && findingsOf(crawled.drift).length > 0 ? 1 : 0
  })
}

async function bring(cloud: CloudArchive, { application, json }: Options): Promise<UploadedLoad[]> {
  const home = await openHome(readSettings().home, { mode: 'auto' })
  const bar = uploadBar({ silent: json === true })
  try {
    return await upload({
      home,
      bucket: cloud.store,
      secrets: cloud.secretsStore,
      application,
      onProgress: bar.update,
      logged: (act) => loggedLoad(cloud.audit, application, act),
    })
  } finally {
    bar.stop()
    await home.close()
  }
}

function tell(loads: readonly UploadedLoad[]): void {
  const number = (value: number) => value.toLocaleString('en')
  for (const { load, state, objects, bytes, rows } of loads)
    console.log(
      state === 'uploaded'
        ? `Load ${load}: ${number(rows)} rows in ${number(objects)} objects (${number(bytes)} bytes) are in the bucket.`
        : `Load ${load} was in the bucket already.`,
    )
}
