import type { Retention } from '@muniment/retention/retention'
import type { DueCalendar } from '../contract.ts'
import type { Acting } from '../shared/acting.ts'
import { nothingHere } from '../shared/guards.ts'
import type { Services } from '../shared/services.ts'
import { addMonths } from './months.ts'
import { domainTitle } from './present-schedules.ts'

type Worked = Pick<DueCalendar, 'asOf' | 'at' | 'months' | 'classes'>

/** What falls due, as it was worked out last: it takes longer than an answer should. */
export function createDue({ templates, clock, later, log, engine, catalog }: Services, retention: Retention) {
  const known = new Map<string, Worked>()
  const working = new Set<string>()

  async function enter({ rights }: Acting, application: string): Promise<void> {
    const may = rights.mayEnter(application) || rights.has('approve-destruction') || rights.has('read-log')
    if (!may || !(await templates.list()).includes(application)) throw nothingHere()
  }

  async function workOut(application: string): Promise<void> {
    try {
      const { application: model } = await templates.get(application)
      await engine.refresh(application)
      const now = await retention.due(application)
      const [first] = now.runs
      const today = first?.asOf ?? clock().toISOString().slice(0, 10)
      const ahead = await retention.due(application, addMonths(today, 12))
      const schedules = await retention.schedules(application)
      const titles = new Map(
        schedules.flatMap(({ schedules: { domain, classes } }) =>
          classes.map(({ name, title }) => [`${domain} ${name}`, title] as const),
        ),
      )
      known.set(application, {
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
      })
    } catch (err) {
      log.error({ err, application }, 'what falls due could not be worked out')
    } finally {
      working.delete(application)
    }
  }

  async function begin(application: string): Promise<void> {
    if (working.has(application) || !(await catalog.read(application))) return
    working.add(application)
    await later(workOut(application))
  }

  const calendar = (application: string): DueCalendar => ({
    application,
    asOf: clock().toISOString().slice(0, 10),
    months: [],
    classes: [],
    ...known.get(application),
    working: working.has(application),
  })

  return {
    async read(acting: Acting, application: string): Promise<DueCalendar> {
      await enter(acting, application)
      if (!known.has(application)) await begin(application)
      return calendar(application)
    },

    async renew(acting: Acting, application: string): Promise<DueCalendar> {
      await enter(acting, application)
      await begin(application)
      return calendar(application)
    },
  }
}

type Row = { month: string; domain: string; class: string; records: number }

/** What is overdue under one name, and the months to come each by itself. */
function monthsOf(now: readonly Row[], ahead: readonly Row[], today: string): Worked['months'] {
  const found = new Map<string, Worked['months'][number]>()
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
