import type { QueryEngine } from '@muniment/archive/engine/port'
import { dueKey } from '@muniment/archive/layout'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { TemplateLibrary } from '@muniment/query-templates/port'
import type { Retention } from '@muniment/retention/retention'
import { DueCalendar } from '../contract.ts'
import { domainTitle } from './domain-title.ts'
import { addMonths } from './months.ts'

const StoredDue = DueCalendar.pick({ asOf: true, at: true, months: true, classes: true }).required({ at: true })
export type StoredDue = ReturnType<typeof StoredDue.parse>

export interface DueParts {
  store: ObjectStore
  engine: QueryEngine
  templates: TemplateLibrary
  clock: () => Date
}

/** What falls due, as it was worked out last; undefined where it never was, or cannot be read. */
export async function readDue(store: ObjectStore, application: string): Promise<StoredDue | undefined> {
  const object = await store.get(dueKey(application))
  if (!object) return undefined
  try {
    return StoredDue.parse(JSON.parse(object.body.toString('utf8')))
  } catch {
    return undefined
  }
}

/** Works out what falls due, and keeps it for whoever asks next. */
export async function workOutDue(
  { store, engine, templates, clock }: DueParts,
  retention: Retention,
  application: string,
): Promise<StoredDue> {
  const { application: model } = await templates.get(application)
  await engine.refresh(application)
  const now = await retention.due(application)
  const today = now.runs[0]?.asOf ?? clock().toISOString().slice(0, 10)
  const ahead = await retention.due(application, addMonths(today, 12))
  const schedules = await retention.schedules(application)
  const titles = new Map(
    schedules.flatMap(({ schedules: { domain, classes } }) =>
      classes.map(({ name, title }) => [`${domain} ${name}`, title] as const),
    ),
  )
  const worked = {
    asOf: today,
    at: clock().toISOString(),
    months: monthsOf(now.months, ahead.months, today),
    classes: now.runs.flatMap(({ domain, counts, reasons }) =>
      Object.entries(counts).map(([name, { due, held, kept, review, undated, conflict }]) => ({
        domain,
        domainTitle: domainTitle(model, domain),
        class: name,
        title: titles.get(`${domain} ${name}`) ?? name,
        due,
        held,
        kept,
        review,
        undated,
        conflict,
        reasons: reasons[name] ?? [],
      })),
    ),
  }
  await keep(store, application, worked)
  return worked
}

async function keep(store: ObjectStore, application: string, worked: StoredDue): Promise<void> {
  const body = `${JSON.stringify(StoredDue.parse(worked))}\n`
  const there = await store.head(dueKey(application))
  try {
    if (there) await store.replace(dueKey(application), body, there.etag)
    else await store.create(dueKey(application), body)
  } catch (error) {
    // Somebody else worked it out meanwhile, no less well.
    if (!(error instanceof ConflictError)) throw error
  }
}

type Row = { month: string; domain: string; class: string; records: number }

/** What is overdue under one name, and the months to come each by itself. */
function monthsOf(now: readonly Row[], ahead: readonly Row[], today: string): StoredDue['months'] {
  const found = new Map<string, StoredDue['months'][number]>()
  const add = (month: string, { domain, class: name, records }: Row) => {
    const key = `${month} ${domain} ${name}`
    const there = found.get(key)
    if (there) there.records += records
    else found.set(key, { month, domain, class: name, records })
  }
  for (const row of now) add('overdue', row)
  const thisMonth = today.slice(0, 7)
  const due = new Map<string, number>()
  for (const row of now) if (row.month.slice(0, 7) === thisMonth) due.set(`${row.domain} ${row.class}`, row.records)
  for (const row of ahead) {
    const month = row.month.slice(0, 7)
    if (month < thisMonth) continue
    // Of this month, what is due already stands with what is overdue.
    const before = month === thisMonth ? (due.get(`${row.domain} ${row.class}`) ?? 0) : 0
    if (row.records > before) add(month, { ...row, records: row.records - before })
  }
  return [...found.values()]
}
