import type { RecordView } from '../access/port.ts'
import { identifier } from '../engine/sql-text.ts'
import { ask } from './ask.ts'
import { keyText } from './closures.ts'
import type { HoldDeps } from './deps.ts'
import { columnsOf, equalToList, keyLists } from './scope/key-list.ts'
import { resolveScope } from './scope/resolve.ts'
import type { HoldScope, RecordKey } from './types.ts'

export interface ScopePreview {
  tables: {
    table: string
    title: string
    domain: string
    /** Of what the person may see; of a whole table what it has now, whoever may see it. */
    rows: number
    all: boolean
    /** The first few. */
    keys: RecordKey[]
  }[]
  /** Whether there are tables of the application that the person may not see: what a hold protects there is not counted. */
  partial: boolean
  /** Keys that were named and that no row has now. They are protected all the same. */
  absent: RecordKey[]
}

const SAMPLE = 5

/**
 * What a scope covers now, of what a person may see: what hidden rows and masked columns would tell is not in it. Writes nothing. Throws
 * InputError where the scope is none, or chooses by what they may not see.
 */
export async function previewScope(
  deps: Pick<HoldDeps, 'engine' | 'catalog' | 'loadModel' | 'classTables'>,
  application: string,
  scope: HoldScope,
  view?: Pick<RecordView, 'restrictions'>,
): Promise<ScopePreview> {
  const model = await deps.loadModel(application)
  await deps.engine.refresh(application)
  const catalog = await deps.catalog.read(application)
  const { classTables } = deps
  const found = await resolveScope(scope, {
    engine: deps.engine,
    application,
    model,
    catalog,
    restrictions: view?.restrictions,
    classTables: classTables && ((domain, name) => classTables(application, domain, name)),
  })
  const seen = (name: string) => view === undefined || view.restrictions.tables.includes(name)
  const rowsOf = (name: string) => catalog?.tables.find((table) => table.name === name)?.rows ?? 0
  async function absentKeys({ table: name, keys }: Extract<HoldScope, { kind: 'keys' }>): Promise<RecordKey[]> {
    const table = model.tables.find((each) => each.name === name)
    if (!table || !catalog?.tables.some((each) => each.name === name)) return keys
    const present = new Set<string>()
    const asker = { engine: deps.engine, application, restrictions: view?.restrictions }
    for (const list of keyLists(table, keys)) {
      const sql = `SELECT DISTINCT ${columnsOf('t', table.primaryKey)} FROM ${identifier(name)} t JOIN (${list.sql}) w ON ${equalToList('t', table.primaryKey)}`
      const { rows } = await ask(asker, sql, list.values, keys.length)
      for (const row of rows) present.add(keyText(row.map(String)))
    }
    return keys.filter((key) => !present.has(keyText(key)))
  }
  const named = scope.kind === 'keys' ? scope.table : undefined
  const absent = scope.kind === 'keys' && seen(scope.table) ? await absentKeys(scope) : []
  return {
    tables: model.tables.flatMap(({ name, title, domain }) => {
      const keys = found[name]
      if (keys === undefined || !seen(name)) return []
      const all = keys === 'all'
      return [
        {
          table: name,
          title,
          domain,
          rows: all ? rowsOf(name) : keys.length - (named === name ? absent.length : 0),
          all,
          keys: all ? [] : keys.slice(0, SAMPLE),
        },
      ]
    }),
    partial: model.tables.some(({ name }) => !seen(name)),
    absent,
  }
}
