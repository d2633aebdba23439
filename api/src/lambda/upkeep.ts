/** Closes what stopped processes left open and removes results whose time is over; on a schedule of an hour. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { defaultLimits } from '../deps.ts'
import { closeEntries } from '../upkeep/close-entries.ts'
import { closeInterrupted } from '../upkeep/close-interrupted.ts'
import { sweepResults } from '../upkeep/sweep.ts'
import { openCloud } from './cloud.ts'
import { handled } from './handled.ts'
import { once } from './once.ts'

const metrics = new Metrics({ serviceName: 'upkeep' })
const opened = once(() => openCloud('upkeep'))
const dayMs = 86_400_000

export const handler = handled(
  'upkeep',
  async (): Promise<{ interrupted: number; closed: number; removed: number }> => {
    const { store, audit, clock, by } = await opened()
    const began = clock()
    const parts = { store, audit, clock, by, began }
    const interrupted = await closeInterrupted(parts)
    const closed = await closeEntries({ ...parts, from: new Date(began.getTime() - 2 * dayMs) })
    const removed = await sweepResults({ store, clock, resultsMs: defaultLimits.resultsMs })
    metrics.addMetric('Interrupted', MetricUnit.Count, interrupted)
    metrics.addMetric('UpkeepDone', MetricUnit.Count, 1)
    metrics.publishStoredMetrics()
    return { interrupted, closed, removed }
  },
)
