/**
 * Seals the audit log, signs the checkpoint with KMS and hands it to the witness; on a schedule of a minute. Puts the next signing key in
 * force first where an operator asks for that.
 */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { KMSClient } from '@aws-sdk/client-kms'
import { logNameIn } from '@muniment/archive/audit/keys/announced-keys'
import { rotateAnnounced, signerInForce } from '@muniment/archive/audit/keys/announced-signers'
import { openKmsSigner } from '@muniment/archive/audit/keys/kms-signer'
import { verifierLine } from '@muniment/archive/audit/keys/note'
import type { Signer } from '@muniment/archive/audit/keys/port'
import { seal } from '@muniment/archive/audit/seal/seal'
import { z } from 'zod'
import { openCloud } from './cloud.ts'
import { handled } from './handled.ts'
import { once } from './once.ts'
import { setting } from './settings.ts'
import { tracedClient } from './traced-client.ts'

/** The clock's own event has nothing of this. */
const Asked = z.object({ rotate: z.object({ id: z.string(), groups: z.array(z.string()) }).exactOptional() })

const metrics = new Metrics({ serviceName: 'sealer' })

const opened = once(async () => {
  const cloud = await openCloud('sealer')
  const { audit, secretsStore, store, clock, streamKey, witnesses } = cloud
  const kms = tracedClient(new KMSClient())
  const name = await logNameIn(secretsStore)
  const [first = '', ...further] = setting('signingKeys').split(',')
  const signers: [Signer, ...Signer[]] = [await openKmsSigner(kms, first, name)]
  for (const key of further) signers.push(await openKmsSigner(kms, key, name))
  await signerInForce(secretsStore, signers)
  return {
    log: cloud.log,
    signers,
    keys: { log: audit, store: secretsStore },
    options: { store, clock, streamKey: await streamKey(), witnesses },
  }
})

export const handler = handled('sealer', async (event?: unknown) => {
  const { log, signers, keys, options } = await opened()
  const { rotate } = Asked.safeParse(event).data ?? {}
  const next = rotate && (await rotateAnnounced(keys, signers, { ...rotate, roles: [], rules: 0 }))
  const signer = signers.length > 1 ? await signerInForce(keys.store, signers) : signers[0]
  const { entries, size, damaged, witnesses } = await seal({ ...options, signer })
  const silent = witnesses.filter(({ state }) => state !== 'kept')
  for (const { name, state, message } of silent) log.error({ name, state, message }, 'a witness of the audit log')
  for (const { message } of damaged) log.error({ message }, 'the audit log is damaged')
  metrics.addMetric('SealedEntries', MetricUnit.Count, entries)
  metrics.addMetric('DamagedStreams', MetricUnit.Count, damaged.length)
  metrics.addMetric('WitnessFailures', MetricUnit.Count, silent.length)
  metrics.addMetric('Sealed', MetricUnit.Count, 1)
  metrics.publishStoredMetrics()
  return { entries, size, key: verifierLine(signer), rotated: next !== undefined }
})
