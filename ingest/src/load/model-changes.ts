import type { Application } from '@muniment/archive/model/types'
import type { ObjectStore } from '@muniment/archive/store/port'
import { z } from 'zod'
import type { Delivery } from '../delivery/delivery.ts'
import type { EarlierModel } from '../outcome.ts'
import { modelKey } from './commit.ts'
import type { LoadRecord } from './ledger.ts'
import { renderWrittenModel } from './written-model.ts'

const Described = z.record(z.string(), z.unknown())
type Described = z.infer<typeof Described>
const Written = z.looseObject({ columns: z.array(Described) })
type Written = z.infer<typeof Written>
const WrittenModel = z.record(z.string(), Written)

const OF_TABLE: [property: string, words: string][] = [
  ['domain', 'the domain'],
  ['source', 'how its file is read'],
  ['primaryKey', 'the primary key'],
  ['foreignKeys', 'the foreign keys'],
  ['sortBy', 'the sort order'],
  ['partitionBy', 'the partitions'],
  ['accept', 'what its rules accept'],
  ['totals', 'the sums that the manifest states'],
]

const OF_COLUMN: [properties: string[], words: string][] = [
  [['type'], 'the type'],
  [['source', 'nulls', 'sourceFormat', 'decimalComma'], 'how it is read'],
  [['derived'], 'how it is derived'],
  [['sensitivity'], 'the sensitivity'],
  [['required'], 'whether a value is required'],
  [['codes'], 'the codes'],
]

const text = (value: unknown) => JSON.stringify(value) ?? ''
const names = (columns: readonly Described[]) => columns.map(({ name }) => String(name))

/** Short values are told, before and after. */
function told(words: string, before: unknown, after: unknown): string {
  const simple = (value: unknown): value is string | string[] =>
    typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'))
  if (!simple(before) || !simple(after)) return words
  const show = (value: string | string[]) => (Array.isArray(value) ? value.join(', ') : value) || 'none'
  const both = `${show(before)}; now ${show(after)}`
  return both.length > 120 ? words : `${words} (was ${both})`
}

function changedColumn(before: Described, after: Described): string[] {
  return OF_COLUMN.flatMap(([properties, words]) => {
    const [first = ''] = properties
    if (properties.every((property) => text(before[property]) === text(after[property]))) return []
    return properties.length === 1 ? [told(words, before[first], after[first])] : [words]
  })
}

/** What is no longer as it was, in words. */
function changedTable(before: Written, after: Written): string[] {
  const changes = OF_TABLE.flatMap(([property, words]) =>
    text(before[property]) === text(after[property]) ? [] : [told(words, before[property], after[property])],
  )
  const [was, is] = [names(before.columns), names(after.columns)]
  for (const name of is.filter((one) => !was.includes(one))) changes.push(`the column ${name} was added`)
  for (const name of was.filter((one) => !is.includes(one))) changes.push(`the column ${name} was removed`)
  for (const column of after.columns) {
    const earlier = before.columns.find(({ name }) => name === column.name)
    const differing = earlier ? changedColumn(earlier, column) : []
    if (differing.length > 0) changes.push(`of the column ${column.name} ${differing.join(' and ')}`)
  }
  const kept = is.filter((one) => was.includes(one))
  if (text(kept) !== text(was.filter((one) => is.includes(one)))) changes.push('the order of the columns')
  return changes
}

function readModel(body: string): z.infer<typeof WrittenModel> | undefined {
  try {
    return WrittenModel.safeParse(JSON.parse(body)).data
  } catch {
    return undefined
  }
}

/**
 * For the files of a delivery that loads before it have brought: where the model has changed since in what decides what is written. A
 * load that did not note its model is named with `changes` unknown, if its model was not the one of today.
 */
export async function modelChanges(
  store: ObjectStore,
  application: Application,
  modelHash: string,
  delivery: Delivery,
  ledger: readonly LoadRecord[],
): Promise<EarlierModel[]> {
  const found: EarlierModel[] = []
  const brought = [...delivery.files].map(([table, { sha256 }]) => ({
    table,
    record: ledger.find(({ files }) => files.some((file) => file.table === table && file.sha256 === sha256)),
  }))
  // As it reads back, so that both are read alike.
  const now = readModel(renderWrittenModel(application))
  for (const record of new Set(brought.flatMap((one) => one.record ?? []))) {
    if (record.modelHash === modelHash) continue
    const { load, finished: loadedAt } = record
    const stored = await store.get(modelKey(application.name, load))
    const before = stored && readModel(stored.body.toString('utf8'))
    if (!before) {
      found.push({ load, loadedAt })
      continue
    }
    const tables = brought.flatMap(({ table, record: own }) => {
      const [was, is] = [before[table], now?.[table]]
      const changes = own === record && was && is ? changedTable(was, is) : []
      return changes.length > 0 ? [{ table, changes }] : []
    })
    if (tables.length > 0) found.push({ load, loadedAt, tables })
  }
  return found
}
