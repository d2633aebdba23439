import { estimate } from '@muniment/archive/engine/estimate'
import type { QueryEngine, Restrictions, Statement } from '@muniment/archive/engine/port'
import type { Application } from '@muniment/archive/model/types'
import type { Loaded } from '../shared/loaded.ts'
import type { RecordedPanel } from '../shared/search-record.ts'

export interface Bounding {
  engine: QueryEngine
  application: Application
  restrictions: Restrictions | undefined
  loaded: Loaded
}

/** Panels with what each reads at most; without it where that is not known: such a statement does not run, or the engine cannot tell. */
export const withBounds = (panels: readonly RecordedPanel[], bounding: Bounding): Promise<RecordedPanel[]> =>
  Promise.all(
    panels.map(async (panel) => {
      const bytesAtMost = await boundOf(panel, bounding).catch(() => undefined)
      return bytesAtMost === undefined ? panel : { ...panel, bytesAtMost }
    }),
  )

async function boundOf(
  { statement }: RecordedPanel,
  { engine, application, restrictions, loaded }: Bounding,
): Promise<number | undefined> {
  if (!statement) return undefined
  const asked: Statement = { application: application.name, ...statement, ...(restrictions && { restrictions }) }
  const reading = asked.reading ?? (await engine.reading?.(asked))
  if (!reading) return undefined
  const { snapshot } = loaded
  return estimate(asked, { reading, snapshot, tables: application.tables, engine: engine.name }).bytesAtMost
}
