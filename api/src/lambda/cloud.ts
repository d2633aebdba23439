import { randomBytes, randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AthenaClient } from '@aws-sdk/client-athena'
import { createAccess } from '@muniment/archive/access/access'
import { createAuditLog } from '@muniment/archive/audit/create-audit-log'
import { announcedKeys } from '@muniment/archive/audit/keys/announced-keys'
import { withKeysHeld } from '@muniment/archive/audit/keys/held-keys'
import { createStoreSecrets } from '@muniment/archive/audit/keys/store-secrets'
import { createStoreWitness } from '@muniment/archive/audit/seal/store-witness'
import { uncoveredHashes } from '@muniment/archive/audit/seal/uncovered-hashes'
import { createStoredCatalog } from '@muniment/archive/catalog/stored-catalog'
import { createAthenaEngine } from '@muniment/archive/engine/athena/athena-engine'
import { createLog } from '@muniment/archive/log'
import { createS3Client } from '@muniment/archive/store/s3/client'
import { createS3Store } from '@muniment/archive/store/s3/s3-store'
import { createPublishedLibrary } from '@muniment/query-templates/published'
import type { AppDeps } from '../deps.ts'
import { purposesIn } from '../purposes.ts'
import { setting, witnessBucket } from './settings.ts'
import { tracedClient } from './traced-client.ts'

const work = join(tmpdir(), 'muniment')

export type Cloud = Awaited<ReturnType<typeof openCloud>>

/** What functions in AWS share: store, keys and log. `writes` is what the log calls the function. */
export async function openCloud(writes: string) {
  const log = createLog(writes)
  const clock = () => new Date()
  const s3 = tracedClient(createS3Client())
  const store = createS3Store({ client: s3, bucket: setting('bucket') })
  const secretsStore = createS3Store({ client: s3, bucket: setting('secretsBucket') })
  const witness = witnessBucket()
  const secrets = createStoreSecrets(secretsStore, clock)
  const audit = createAuditLog({ store, secrets: withKeysHeld(secrets), clock, process: writes })
  return {
    log,
    clock,
    s3,
    store,
    secretsStore,
    secrets,
    audit,
    witnesses:
      witness === undefined ? [] : [createStoreWitness(createS3Store({ client: s3, bucket: witness }), witness)],
    /** No other function can tell whether this one lives: what it left is taken for left when its time is over. */
    by: { process: `lambda ${randomUUID()}` },
    publicKeys: () => announcedKeys(secretsStore),
    streamKey: () => secrets.streamKey(() => uncoveredHashes(store)),
    templates: createPublishedLibrary({ store, work }),
  }
}

/** The rest of what answering and exporting take. */
export async function searching(cloud: Cloud): Promise<Omit<AppDeps, 'identity'>> {
  const { store, s3, audit, templates, clock, log, by } = cloud
  const catalog = createStoredCatalog(store)
  const purposes = purposesIn((await store.get('purposes.json'))?.body.toString('utf8'))
  return {
    store,
    catalog,
    templates,
    audit,
    clock,
    log,
    by,
    work,
    engine: createAthenaEngine({
      athena: tracedClient(new AthenaClient()),
      s3,
      workGroup: setting('workGroup'),
      database: (application) => `${setting('databasePrefix')}${application}`,
      records: `s3://${setting('bucket')}/`,
      catalog,
      loadModel: async (application) => (await templates.get(application)).application,
      work: join(work, 'engine'),
    }),
    access: createAccess({ store, clock }),
    purposes: purposes.reasons,
    requestReference: purposes.requests,
    // Signs addresses of files that this process would serve itself; S3 serves them here.
    secret: randomBytes(32),
  }
}
