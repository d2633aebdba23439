import type { z } from 'zod'
import { firstRules } from '../../src/access/proposals.ts'
import type { AuditLog, Closing, Opening } from '../../src/audit/port.ts'
import type { HoldDeps } from '../../src/holds/deps.ts'
import { openRegister } from '../../src/holds/register.ts'
import type { Application, ForeignKey, PersonPath } from '../../src/model/types.ts'
import { rulesOf } from '../access/model.ts'
import { memoryStore } from '../audit/memory-store.ts'
import { makeArchive, type TableDefinition } from '../engine-archive.ts'

export const keeper = { id: 'karla', groups: ['keepers'] }
export const otherKeeper = { id: 'kurt', groups: ['keepers'] }
export const second = { id: 'sven', groups: ['seconds'] }
export const nobody = { id: 'nina', groups: ['strangers'] }

interface More {
  foreignKeys?: z.infer<typeof ForeignKey>[]
  primaryKey?: string[]
  reference?: boolean
  persons?: z.infer<typeof PersonPath>[]
}

const table = (
  domain: string,
  columns: Record<string, string>,
  values: string[],
  more: More = {},
): { definition: TableDefinition; more: More } => {
  const names = Object.keys(columns)
  const casts = names.map((name) => `CAST(${name} AS ${columns[name]}) AS ${name}`)
  const rows = values.map((row) => `(${row})`).join(', ')
  const select = `SELECT ${casts.join(', ')} FROM (VALUES ${rows}) t(${names.join(', ')})`
  return { definition: { domain, columns, objects: [{ select }] }, more }
}

const to = (columns: string[], name: string, others = columns): z.infer<typeof ForeignKey> => ({
  columns,
  references: { table: name, columns: others },
})

/** Two domains: persons who are one another, contracts that follow one another, cases of contracts, notes with a key of two columns. */
const tables = {
  people: table(
    'people',
    { person: 'varchar', same_as: 'varchar', name: 'varchar' },
    ["'A', NULL, 'Ada'", "'A2', 'A', 'Ada B.'", "'A3', 'A2', 'A. B.'", "'B', NULL, 'Bob'", "'C', NULL, 'Cy'"],
    { foreignKeys: [to(['same_as'], 'people', ['person'])], persons: [{ role: 'subject', steps: [] }] },
  ),
  contracts: table(
    'contracts',
    { number: 'bigint', holder: 'varchar', before: 'bigint', product: 'varchar', state: 'varchar', since: 'date' },
    [
      "1, 'A', NULL, 'x', 'open', DATE '1965-02-03'",
      "2, 'A3', 1, 'x', 'open', DATE '2001-01-01'",
      "3, 'B', NULL, 'x', 'over', DATE '2002-01-01'",
      "4, 'C', 3, 'x', 'open', DATE '2003-01-01'",
    ],
    {
      foreignKeys: [
        to(['holder'], 'people', ['person']),
        to(['before'], 'contracts', ['number']),
        to(['product'], 'products', ['product']),
      ],
    },
  ),
  notes: table(
    'contracts',
    { number: 'bigint', no: 'varchar', said: 'varchar' },
    ["1, 'ä, ''1''', 'first'", "1, '', 'second'", "3, '1', 'third'"],
    { foreignKeys: [to(['number'], 'contracts')], primaryKey: ['number', 'no'] },
  ),
  cases: table(
    'cases',
    { id: 'varchar', contract: 'bigint', other: 'varchar', loss: 'decimal(12,2)' },
    ["'K1', 1, 'B', 1.50", "'K2', 3, NULL, 2.50", "'K3', 4, 'A', 3.00"],
    {
      foreignKeys: [to(['contract'], 'contracts', ['number'])],
      persons: [{ role: 'third-party', steps: [{ columns: ['other'], table: 'people', to: ['person'] }] }],
    },
  ),
  letters: table(
    'cases',
    { letter: 'varchar', number: 'bigint', no: 'varchar' },
    ["'L1', 3, '1'", "'L2', 1, ''", "'L3', 9, '9'"],
    { foreignKeys: [to(['number', 'no'], 'notes')] },
  ),
  products: table('contracts', { product: 'varchar', title: 'varchar' }, ["'x', 'X'"], { reference: true }),
}

export function logOf() {
  const entries: { opening: Opening; closing?: Closing }[] = []
  const audit: AuditLog = {
    open: async (opening) => String(entries.push({ opening }) - 1),
    close: async (id, closing) => {
      const entry = entries[Number(id)]
      if (entry) entry.closing = closing
    },
    note: async (opening, closing) => String(entries.push({ opening, closing }) - 1),
  }
  return { audit, entries }
}

export async function createHoldWorld() {
  const archive = await makeArchive({
    app: Object.fromEntries(Object.entries(tables).map(([name, { definition }]) => [name, definition])),
  })
  const shape = () => {
    const model = archive.model('app')
    model.personTable = 'people'
    model.domains = ['people', 'contracts', 'cases'].map((name) => ({ name, title: name, description: name }))
    for (const each of model.tables) {
      const more = tables[each.name as keyof typeof tables]?.more ?? {}
      Object.assign(each, more)
    }
    return model
  }
  shape()
  const engine = await archive.engine({ catalogAge: 0 })
  const store = memoryStore()
  const { audit, entries } = logOf()
  let now = new Date('2026-03-01T10:00:00.000Z')
  const clock = () => now
  await firstRules(store, rulesOf([]), { reason: 'Begin.', by: 'sample', clock: () => new Date('2026-01-01') })
  await openRegister(store)
  const deps: HoldDeps = {
    store,
    engine,
    catalog: archive.catalog,
    loadModel: async (application): Promise<Application> => archive.model(application),
    audit,
    clock,
  }
  return {
    archive,
    deps,
    store,
    entries,
    tick: (days = 1) => {
      now = new Date(now.getTime() + days * 86_400_000)
    },
    /** Loads the tables again, some changed. */
    load: async (name: keyof typeof tables, values: string[]) => {
      const { definition } = tables[name]
      const more = table(definition.domain, definition.columns, values).definition
      const all = Object.fromEntries(Object.entries(tables).map(([each, one]) => [each, one.definition]))
      await archive.put('app', { ...all, [name]: { ...definition, objects: [...definition.objects, ...more.objects] } })
      shape()
    },
    close: async () => {
      await engine.close()
      await archive.close()
    },
  }
}

export type HoldWorld = Awaited<ReturnType<typeof createHoldWorld>>
