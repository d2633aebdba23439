import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openHome } from '@muniment/archive/home'
import { ingest } from '@muniment/ingest/ingest'
import { verifySeals } from '@muniment/ingest/seal/verify-seals'
import { openSession } from '@muniment/ingest/tables/session'
import { type Result, result } from './results.ts'
import type { Setting } from './setting.ts'

interface Spent {
  cpu: number
  wall: number
}

/** Seconds of all threads of this process, and of the clock. */
function spent(): Spent {
  const { userCPUTime, systemCPUTime } = process.resourceUsage()
  return { cpu: (userCPUTime + systemCPUTime) / 1e6, wall: performance.now() / 1000 }
}

/** What sealing adds to an ingest, told apart within one run; and what hashing everything again takes. */
export async function benchSeals({ delivery, templatesRoot, home: near }: Setting): Promise<Result[]> {
  const folder = await mkdtemp(`${near}-seals-`)
  const home = await openHome(join(folder, 'home'), { mode: 'owner' })
  try {
    const at = new Map<string, Spent>()
    const before = spent()
    const outcome = await ingest({
      ...{ home, application: 'pas', templatesRoot, from: delivery },
      onStage: async (stage) => void at.set(stage, spent()),
    })
    const after = spent()
    const rows = Object.values(outcome.tables).reduce((sum, { written }) => sum + written, 0)
    const ratio = (kind: keyof Spent) => {
      const seal = (at.get('sealed')?.[kind] ?? 0) - (at.get('reported')?.[kind] ?? 0)
      return { seal, ratio: (after[kind] - before[kind]) / (after[kind] - before[kind] - seal) }
    }
    const session = await openSession(join(folder, 'work'))
    const begun = spent()
    const { differences } = await verifySeals({ home, session, application: 'pas' }).finally(() => session.close())
    if (differences.length > 0) throw new Error('What was just sealed does not verify.')
    const verified = spent().cpu - begun.cpu
    return [
      result('ingest with seals against without: processor time', ratio('cpu').ratio, 'x', 1.5),
      result('ingest with seals against without: time', ratio('wall').ratio, 'x', 1.5),
      result('sealing: processor time a row', (ratio('cpu').seal / rows) * 1e6, 'µs'),
      result('seals verify: processor time a row', (verified / rows) * 1e6, 'µs'),
    ]
  } finally {
    await home.close()
    await rm(folder, { recursive: true, force: true })
  }
}
