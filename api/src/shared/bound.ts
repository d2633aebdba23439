import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import { estimate } from '@muniment/archive/engine/estimate'
import type { QueryEngine, Restrictions, Statement } from '@muniment/archive/engine/port'
import type { Application } from '@muniment/archive/model/types'
import type { Loaded } from './loaded.ts'
import type { RecordedPanel } from './search-record.ts'

export interface Bounding {
  engine: QueryEngine
  application: Application
  restrictions: Restrictions | undefined
  loaded: Loaded
}

/** Templates give the same few texts over and over, and most bounds do not depend on the values. */
const remembered = new WeakMap<CatalogSnapshot, Map<string, number>>()
const most = 1000

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
  const { snapshot } = loaded
  const known = remembered.get(snapshot) ?? new Map<string, number>()
  remembered.set(snapshot, known)
  const types = statement.values.map(({ type }) => type).join()
  const key = `${restrictions?.id} ${types} ${statement.sql}`
  const before = known.get(key)
  if (before !== undefined) return before
  const asked: Statement = { application: application.name, ...statement, ...(restrictions && { restrictions }) }
  const reading = asked.reading ?? (await engine.reading?.(asked))
  if (!reading) return undefined
  const { bytesAtMost } = estimate(asked, { reading, snapshot, tables: application.tables, engine: engine.name })
  const byValues = snapshot.tables.some(({ name, partitionBy }) => partitionBy.length > 0 && name in reading.used)
  if (known.size >= most) known.clear()
  if (!byValues) known.set(key, bytesAtMost)
  return bytesAtMost
}
