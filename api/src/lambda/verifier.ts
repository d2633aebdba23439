/** Checks the audit log and keeps what it found for the auditors' page; on a schedule of six hours, and when an auditor asks. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { storeVerification } from '../audit/stored-verification.ts'
import { createVerification } from '../audit/verification.ts'
import { openCloud } from './cloud.ts'
import { handled } from './handled.ts'
import { once } from './once.ts'

const metrics = new Metrics({ serviceName: 'verifier' })

const opened = once(async () => {
  const { store, publicKeys, streamKey, witnesses, clock, log } = await openCloud('verifier')
  return { store, verification: createVerification({ store, publicKeys, streamKey, witnesses, clock, log }) }
})

export const handler = handled('verifier', async (): Promise<{ ok: boolean | undefined }> => {
  const { store, verification } = await opened()
  await storeVerification(store, { ...verification.state(), state: 'running' })
  await verification.now()
  const outcome = verification.state()
  await storeVerification(store, outcome)
  metrics.addMetric('LogWhole', MetricUnit.Count, outcome.ok === true ? 1 : 0)
  metrics.addMetric('Verified', MetricUnit.Count, outcome.state === 'done' ? 1 : 0)
  metrics.publishStoredMetrics()
  return { ok: outcome.ok }
})
