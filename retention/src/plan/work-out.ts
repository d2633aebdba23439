import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import type { HeldCheck } from '@muniment/archive/holds/held-by'
import type { Application } from '@muniment/archive/model/types'
import type { Statement } from '@muniment/archive/statements/types'
import type { Plan } from '../run/types.ts'
import type { DomainSchedules } from '../schedule/types.ts'
import { type Asker, rowsOf } from './ask.ts'
import { type Compiled, compile } from './sql/compile.ts'
import { standings } from './sql/standing.ts'

/** What a domain's records come to on a day, before holds are looked at. */
export interface WorkedOut {
  compiled: Compiled
  counts: Plan['counts']
  reasons: Plan['reasons']
}

export const heldTables = ({ tables }: CatalogSnapshot): Set<string> => new Set(tables.map(({ name }) => name))

export interface Wanted {
  model: Application
  schedules: DomainSchedules
  statements: readonly Statement[]
  catalog: CatalogSnapshot
  asOf: string
}

export const compiled = ({ model, schedules, statements, catalog, asOf }: Wanted): Compiled =>
  compile({ model, schedules, asOf, statements, held: heldTables(catalog) })

/** Standings that stand in `reasons`, beside those that are kept although due. */
const listed = new Set(['kept', 'undated', 'conflict', 'review'])

export async function workOut(asker: Asker, wanted: Wanted): Promise<WorkedOut> {
  const made = compiled(wanted)
  const counts: Plan['counts'] = {}
  const reasons: Plan['reasons'] = {}
  for (const { class: recordClass, reasons: sentences } of made.classes) {
    const count = { due: 0, held: 0, kept: 0, review: 0, undated: 0, conflict: 0, rows: 0 }
    const whys = new Map<string, number>()
    for (const [st, why, kept, records] of await rowsOf(asker, made.counts(recordClass.name))) {
      const standing = standings[Number(st)]
      const number = Number(records)
      if (standing === undefined) throw new Error(`There is no standing ${String(st)}.`)
      const because = standing === 'due' ? Number(kept ?? 0) : Number(why)
      if (standing === 'due' && because === 0) count.due += number
      else if (standing === 'due' || standing === 'kept') count.kept += number
      else if (standing === 'review' || standing === 'undated' || standing === 'conflict') count[standing] += number
      if (because > 0 && (standing === 'due' || listed.has(standing))) {
        const sentence = sentences[because - 1] ?? 'It is kept.'
        whys.set(sentence, (whys.get(sentence) ?? 0) + number)
      }
    }
    counts[recordClass.name] = count
    reasons[recordClass.name] = [...whys]
      .map(([why, records]) => ({ why, records }))
      .sort((one, other) => other.records - one.records || (one.why < other.why ? -1 : 1))
  }
  return { compiled: made, counts, reasons }
}

/** Text of a record's key, with its class. */
export const recordText = (one: { class: string; record: readonly string[] }): string =>
  JSON.stringify([one.class, ...one.record])

/** Adds to `held` the records of which a row, or the record itself, is protected. */
export function collectHeld(
  rows: readonly { class: string; record: string[]; key: string[] }[],
  table: string,
  roots: ReadonlyMap<string, string>,
  check: HeldCheck,
  held: Map<string, { class: string; record: string[] }>,
): void {
  const all = check.coversTable(table).length > 0
  for (const { class: name, record, key } of rows) {
    const root = roots.get(name)
    if (root === undefined) throw new Error(`There is no class ${name}.`)
    if (!all && check.covers(table, key, { table: root, key: record }).length === 0) continue
    held.set(recordText({ class: name, record }), { class: name, record })
  }
}
