/** What commands use of AWS. Only commands that are for AWS import it, so that nothing else loads the SDK. */
import { GlueClient } from '@aws-sdk/client-glue'
import { createAuditLog } from '@muniment/archive/audit/create-audit-log'
import { withKeysHeld } from '@muniment/archive/audit/keys/held-keys'
import { createStoreSecrets } from '@muniment/archive/audit/keys/store-secrets'
import { createGlueCatalog } from '@muniment/archive/catalog/glue/glue-catalog'
import { createGlueCrawlers } from '@muniment/archive/catalog/glue/glue-crawlers'
import { createTablesInGlue } from '@muniment/archive/catalog/glue/tables-in-glue'
import { loadApplication } from '@muniment/archive/model/load'
import { createS3Client } from '@muniment/archive/store/s3/client'
import { createS3Store } from '@muniment/archive/store/s3/s3-store'
import { readCommandCloud } from './cloud-settings.ts'
import { readSettings } from './settings.ts'

export type CloudArchive = ReturnType<typeof openArchive>

const PART = 8 * 1024 * 1024

function openArchive() {
  const settings = readCommandCloud()
  const { templatesRoot } = readSettings()
  const clock = () => new Date()
  const s3 = createS3Client()
  const glue = new GlueClient()
  // An upload has several objects on their way, each with some parts in memory.
  const store = createS3Store({ client: s3, bucket: settings.bucket, partBytes: PART })
  const secretsStore = createS3Store({ client: s3, bucket: settings.secretsBucket })
  const records = `s3://${settings.bucket}/`
  const { database, crawler: name } = settings
  const loadModel = (application: string) => loadApplication(templatesRoot, application)
  const hasCrawler = async (application: string, table: string) =>
    (await loadModel(application)).tables.some((each) => each.name === table)
  const crawler = name
    ? createGlueCrawlers({ glue, name, hasCrawler })
    : createTablesInGlue({ glue, records, database })
  return {
    settings,
    templatesRoot,
    records,
    loadModel,
    clock,
    s3,
    store,
    secretsStore,
    audit: createAuditLog({
      store,
      secrets: withKeysHeld(createStoreSecrets(secretsStore)),
      clock,
      process: 'command',
    }),
    catalog: createGlueCatalog({ glue, store, records, database, loadModel, crawler }),
    close() {
      glue.destroy()
      s3.destroy()
    },
  }
}

/** Runs `act` with the archive in AWS; what it writes into the log there is durable before this resolves. */
export async function withCloud<T>(act: (cloud: CloudArchive) => Promise<T>): Promise<T> {
  const cloud = openArchive()
  try {
    return await act(cloud)
  } finally {
    await cloud.audit.end()
    cloud.close()
  }
}
