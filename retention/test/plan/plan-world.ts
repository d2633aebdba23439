import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { firstRules } from '@muniment/archive/access/proposals'
import type { Catalog } from '@muniment/archive/catalog/port'
import { openRegister } from '@muniment/archive/holds/register'
import { openFileStore } from '@muniment/archive/store/file-store'
import { rulesOf } from '../../../archive/test/access/model.ts'
import { makeArchive } from '../../../archive/test/engine-archive.ts'
import { logOf } from '../../../archive/test/holds/world.ts'
import type { RetentionDeps } from '../../src/deps.ts'
import { firstSchedules } from '../../src/schedule/first-schedules.ts'
import { DomainSchedules } from '../../src/schedule/types.ts'

const types = {
  policies: { id: 'varchar', ended: 'date', state: 'varchar', before: 'varchar' },
  covers: { policy: 'varchar', no: 'integer' },
  options: { policy: 'varchar', no: 'integer', opt: 'varchar' },
  claims: { claim: 'varchar', policy: 'varchar', closed: 'date' },
  notes: { note: 'varchar', policy: 'varchar' },
} as const

export type Values = Partial<Record<keyof typeof types, (string | null)[][]>>

const keys = {
  policies: ['id'],
  covers: ['policy', 'no'],
  options: ['policy', 'no', 'opt'],
  claims: ['claim'],
  notes: ['note'],
}
const to = (columns: string[], table: string, others: string[]) => ({ columns, references: { table, columns: others } })
const links = {
  policies: [to(['before'], 'policies', ['id'])],
  covers: [to(['policy'], 'policies', ['id'])],
  options: [to(['policy', 'no'], 'covers', ['policy', 'no'])],
  claims: [to(['policy'], 'policies', ['id'])],
  notes: [to(['policy'], 'policies', ['id'])],
}
const authority = { law: 'Law', jurisdiction: 'Here', source: 'a book', read: '2026-01-01' }
const schedule = (id: string, column: string, period: string, more: object = {}) => ({
  id,
  title: id,
  kind: 'keep-at-least',
  action: 'destroy',
  authority,
  inForce: { from: '2000-01-01' },
  trigger: { title: 'the end', latestOf: [{ column }] },
  period,
  begin: 'event',
  ...more,
})

export const schedulesOf = (period = 'P10Y', more: object = {}) =>
  DomainSchedules.parse({
    format: 1,
    application: 'app',
    domain: 'all',
    title: 'All',
    classes: [
      {
        name: 'policies',
        title: 'Policies',
        description: 'Policies.',
        table: 'policies',
        with: [{ table: 'covers' }, { table: 'options' }],
        keepWhile: [{ title: 'It is open.', where: [{ column: 'state', in: ['open'] }] }],
        schedules: [schedule('policy', 'ended', period, more)],
      },
      {
        name: 'claims',
        title: 'Claims',
        description: 'Claims.',
        table: 'claims',
        schedules: [schedule('claim', 'closed', 'P5Y')],
      },
    ],
  })

export const keeper = { id: 'karla', groups: ['keepers'] }
export const second = { id: 'sven', groups: ['seconds'] }
export const nobody = { id: 'nina', groups: ['strangers'] }

export async function createPlanWorld(values: Values, schedules = schedulesOf()) {
  const archive = await makeArchive({})
  const load = async (all: Values) => {
    const tables = Object.entries(types).map(([name, columns]) => {
      const rows = all[name as keyof typeof types] ?? []
      const names = Object.keys(columns)
      const text = (value: string | null, column: string) =>
        `CAST(${value === null ? 'NULL' : `'${value}'`} AS ${columns[column as keyof typeof columns]})`
      const selects = rows.map(
        (row, index) =>
          `SELECT ${index}::BIGINT AS _row, ${names.map((column, at) => `${text(row[at] ?? null, column)} AS ${column}`).join(', ')}`,
      )
      const half = Math.ceil(selects.length / 2)
      const objects = [selects.slice(0, half), selects.slice(half)]
        .filter((part) => part.length > 0)
        .map((part) => ({ select: part.join(' UNION ALL ') }))
      return [name, { domain: name === 'notes' ? 'other' : 'all', columns: { ...columns }, objects }] as const
    })
    await archive.put('app', Object.fromEntries(tables))
    const model = archive.model('app')
    model.domains = ['all', 'other'].map((name) => ({ name, title: name, description: name }))
    model.timeZone = 'Europe/Berlin'
    for (const table of model.tables) {
      table.primaryKey = keys[table.name as keyof typeof keys]
      table.foreignKeys = links[table.name as keyof typeof links]
    }
  }
  await load(values)
  const store = openFileStore(archive.home)
  const catalog: Catalog = {
    ...archive.catalog,
    async read(application) {
      const snapshot = await archive.catalog.read(application)
      if (!snapshot) return undefined
      const tables = []
      for (const table of snapshot.tables) {
        const objects = []
        for (const object of table.objects) {
          const info = await store.head(object.key)
          objects.push({ ...object, rows: 1000, ...(info && { etag: info.etag, size: info.size }) })
        }
        tables.push({ ...table, objects })
      }
      return { ...snapshot, tables }
    },
  }
  const engine = await archive.engine({ catalogAge: 0 })
  const { audit, entries } = logOf()
  let now = new Date('2026-11-23T10:00:00.000Z')
  const work = path.join(archive.home, '.work', 'retention')
  await mkdir(work, { recursive: true })
  const deps: RetentionDeps = {
    store,
    engine,
    catalog,
    loadModel: async () => archive.model('app'),
    audit,
    clock: () => now,
    work,
  }
  await firstRules(store, rulesOf([]), { reason: 'Begin.', by: 'sample', clock: () => new Date('2026-01-01') })
  await openRegister(store)
  const doing = { store, audit, clock: () => new Date('2026-01-02') }
  await firstSchedules(doing, schedules, { model: archive.model('app'), reason: 'Begin.', by: 'sample' })
  return {
    archive,
    deps,
    entries,
    store,
    load,
    setTime: (at: string) => {
      now = new Date(at)
    },
    close: async () => {
      await engine.close()
      await archive.close()
    },
  }
}

export type PlanWorld = Awaited<ReturnType<typeof createPlanWorld>>
