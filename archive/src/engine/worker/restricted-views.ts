import { createHash } from 'node:crypto'
import type { ApplicationSetup, TableSetup } from '../pool/messages.ts'
import * as sentences from '../pool/sentences.ts'
import type { Restrictions } from '../port.ts'
import { restrictedSelect } from '../restrictions/restricted-select.ts'
import {
  asSubquery,
  type HiddenKeys,
  hiddenRows,
  type RowRules,
  type RuledTable,
  visibleRows,
} from '../restrictions/visible-rows.ts'
import { identifier } from '../sql-text.ts'
import { Failed } from './failures.ts'
import { PreparedRows } from './prepared-rows.ts'
import { plainSource, type TableView, viewOfColumns } from './views.ts'

/** Schema of the views with all rows and values. It is not searched, so that a name without schema never reaches them. */
export const everything = 'everything'
const hiddenKeys = 'hidden_keys'
/** Restrictions whose views are kept. */
const most = 24
/** Views of some restrictions beyond which tables stand whole. */
const mostViews = 1_000
/** Keys of hidden rows that a table may always have, and how many times as many as of the sets that they stand for. */
const keysAtMost = { always: 20_000, times: 2 }

export interface Restricted {
  /** Of what the restrictions say, not of what they are called: whoever has the same may run the same statements. */
  key: string
  schema: string
  restrictions: Restrictions
  careful: boolean
  /** Views that stand, by name, and how many sets for their table there were. */
  views: Map<string, number>
}

export interface Database {
  setup(): ApplicationSetup
  run(sql: string): Promise<unknown[][]>
  /** A second connection to the same database. */
  beside(): Promise<{ run(sql: string): Promise<unknown[][]>; interrupt(): void }>
  /** Makes the views of these tables stand that show everything. */
  standWhole(tables: Iterable<string>): Promise<void>
  /** A schema is about to go: what was prepared over it goes first. */
  forget(key: string): void
  /** Views of it are about to be replaced: what was prepared is prepared again. */
  replan(key: string): void
}

/**
 * Views of what somebody under restrictions may see, in a schema for each set of restrictions. Everything here belongs to one version
 * of the catalog.
 */
export class RestrictedViews {
  readonly #database: Database
  readonly #byKey = new Map<string, Restricted>()
  /** SELECT of a set of hidden keys to the table that holds them; those of one SELECT are equal for all restrictions. */
  readonly #keys = new Map<string, { table: string; count: number }>()
  readonly prepared: PreparedRows
  #made = 0

  constructor(database: Database) {
    this.#database = database
    this.prepared = new PreparedRows(hiddenKeys, () => database.beside())
  }

  /** Throws Failed where the restrictions name a rule that the model does not have: it could not be kept. */
  async enter(restrictions: Restrictions, careful: boolean): Promise<Restricted> {
    const unknown = restrictions.rowRules.filter((rule) => !this.#database.setup().rowRules.includes(rule))
    if (unknown.length > 0) throw new Failed(sentences.unknownRules(unknown))
    const key = keyOf(restrictions, careful)
    const known = this.#byKey.get(key)
    // Those used last stay.
    if (known) this.#byKey.delete(key)
    const entered = known ?? {
      key,
      schema: `r_${key.slice(0, 32)}`,
      restrictions,
      careful,
      views: new Map<string, number>(),
    }
    if (!known) await this.#database.run(`CREATE SCHEMA IF NOT EXISTS ${identifier(entered.schema)}`)
    this.#byKey.set(key, entered)
    const [oldest] = this.#byKey.values()
    if (oldest && this.#byKey.size > most) await this.#leave(oldest)
    return entered
  }

  async stand(key: string, views: Iterable<TableView>): Promise<void> {
    const restricted = this.#byKey.get(key)
    if (!restricted) throw new Error('The restrictions of this statement are not in use.')
    for (const view of views) {
      const times = this.prepared.times(view.table)
      const stood = restricted.views.get(view.name)
      if (stood === times) continue
      if (stood !== undefined) this.#database.replan(key)
      await this.#stand(restricted, view)
      restricted.views.set(view.name, times)
    }
    this.prepared.rest()
  }

  /** For a new version of the catalog: nothing of the old one is used again. */
  async clear(): Promise<void> {
    await this.prepared.clear()
    for (const restricted of [...this.#byKey.values()]) await this.#leave(restricted)
    this.#keys.clear()
    await this.#database.run(`DROP SCHEMA IF EXISTS ${hiddenKeys} CASCADE`)
    await this.#database.run(`CREATE SCHEMA ${hiddenKeys}`)
  }

  /** What is to stand for a table of which a statement names these columns. */
  viewFor({ views }: Restricted, table: TableSetup, named: ReadonlySet<string>): TableView {
    const all = () => new Set(table.columns.map(({ name }) => name))
    return viewOfColumns(table, views.size < mostViews ? named : all())
  }

  async #leave(restricted: Restricted) {
    this.#database.forget(restricted.key)
    this.#byKey.delete(restricted.key)
    await this.#database.run(`DROP SCHEMA IF EXISTS ${identifier(restricted.schema)} CASCADE`)
  }

  async #stand({ schema, restrictions, careful }: Restricted, view: TableView) {
    const { table: name } = view
    const tables = new Map(this.#database.setup().tables.map((table) => [table.name, table]))
    const table = tables.get(name)
    if (!table || !restrictions.tables.includes(name)) throw new Error(`The table ${name} is not in the restrictions.`)
    const whole = new Set([name])
    const sets: { sql: string; table: string }[] = []
    const rules: RowRules = {
      tables,
      inForce: new Set(restrictions.rowRules),
      everything: (of) => {
        whole.add(of)
        return `${everything}.${identifier(of)}`
      },
      keys: (hidden) => this.#tableOf(hidden, sets),
    }
    restrictedSelect(table, restrictions.masks, rules)
    await this.#database.standWhole(whole)
    for (const set of sets) await this.#fill(set)
    // Once more, now that it is known which sets are empty.
    const filled: RowRules = { ...rules, empty: (hidden) => this.#keys.get(selectOf(hidden))?.count === 0 }
    const hidden = hiddenRows(table, filled)
    if (hidden) this.prepared.want({ ...hidden, table: name, most: this.#most(table, filled) })
    const known = hidden && this.prepared.find(hidden.keys)
    const final = { ...filled, ...(known && { hiddenRows: () => known }) }
    const { sql, ruled } = restrictedSelect(table, restrictions.masks, final, plainSource(table), view.columns)
    // No filter passes a LIMIT, so none is computed for a row that is hidden.
    const barrier = careful && ruled ? ' LIMIT 9223372036854775807' : ''
    await this.#database.run(
      `CREATE OR REPLACE VIEW ${identifier(schema)}.${identifier(view.name)} AS ${sql}${barrier}`,
    )
  }

  /** A join to more keys than those of all paths together would cost more where no filter reaches it. */
  #most(table: RuledTable, rules: RowRules): number {
    let joined = 0
    visibleRows(table, 't', {
      ...rules,
      keys: (hidden) => {
        joined += this.#keys.get(selectOf(hidden))?.count ?? 0
        return rules.keys(hidden)
      },
    })
    return Math.max(keysAtMost.always, joined * keysAtMost.times)
  }

  /** The table for a set of keys, and in `sets` what has to be made of it, those first that others are made of. */
  #tableOf(hidden: HiddenKeys, sets: { sql: string; table: string }[]): string {
    const sql = selectOf(hidden)
    const known = this.#keys.get(sql)?.table ?? sets.find((set) => set.sql === sql)?.table
    if (known !== undefined) return known
    const table = `${hiddenKeys}.keys_${++this.#made}`
    sets.push({ sql, table })
    return table
  }

  async #fill({ sql, table }: { sql: string; table: string }) {
    if (this.#keys.has(sql)) return
    await this.#database.run(`CREATE OR REPLACE TABLE ${table} AS ${sql}`)
    const [count] = await this.#database.run(`SELECT count(*) FROM ${table}`)
    this.#keys.set(sql, { table, count: Number(count?.[0]) })
  }
}

const selectOf = (hidden: HiddenKeys) => asSubquery(hidden).slice(1, -1)

export const restrictedSchemas = [everything, hiddenKeys]

function keyOf({ tables, masks, rowRules }: Restrictions, careful: boolean): string {
  const parts = [
    [...tables].sort(),
    masks.map(({ table, column, mask }) => [table, column, mask]),
    [...rowRules].sort(),
  ]
  return createHash('sha256')
    .update(JSON.stringify([careful, ...parts]))
    .digest('hex')
}
