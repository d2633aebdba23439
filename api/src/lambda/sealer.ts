/** Seals the audit log, signs the checkpoint with KMS and hands it to the witness; on a schedule of a minute. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { KMSClient } from '@aws-sdk/client-kms'
import { announceKey, logNameIn } from '@muniment/archive/audit/keys/announced-keys'
import { openKmsSigner } from '@muniment/archive/audit/keys/kms-signer'
import { seal } from '@muniment/archive/audit/seal/seal'
import { openCloud } from './cloud.ts'
import { handled } from './handled.ts'
import { once } from './once.ts'
import { setting } from './settings.ts'
import { tracedClient } from './traced-client.ts'

const metrics = new Metrics({ serviceName: 'sealer' })

const opened = once(async () => {
  const cloud = await openCloud('sealer')
  const { secretsStore, store, clock, streamKey, witnesses } = cloud
  const signer = await openKmsSigner(
    tracedClient(new KMSClient()),
    setting('signingKey'),
    await logNameIn(secretsStore),
  )
  await announceKey(secretsStore, signer)
  return { log: cloud.log, options: { store, signer, clock, streamKey: await streamKey(), witnesses } }
})

export const handler = handled('sealer', async (): Promise<{ entries: number; size: number }> => {
  const { log, options } = await opened()
  const { entries, size, damaged, witnesses } = await seal(options)
  const silent = witnesses.filter(({ state }) => state !== 'kept')
  for (const { name, state, message } of silent) log.error({ name, state, message }, 'a witness of the audit log')
  for (const { message } of damaged) log.error({ message }, 'the audit log is damaged')
  metrics.addMetric('SealedEntries', MetricUnit.Count, entries)
  metrics.addMetric('DamagedStreams', MetricUnit.Count, damaged.length)
  metrics.addMetric('WitnessFailures', MetricUnit.Count, silent.length)
  metrics.addMetric('Sealed', MetricUnit.Count, 1)
  metrics.publishStoredMetrics()
  return { entries, size }
})
