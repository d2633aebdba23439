import type { Retention } from '@muniment/retention/retention'
import type { DueCalendar } from '../contract.ts'
import type { Acting } from '../shared/acting.ts'
import { readDue, workOutDue } from '../shared/due-calendar.ts'
import { nothingHere } from '../shared/guards.ts'
import type { Services } from '../shared/services.ts'

/** What falls due, as it was worked out last: it takes longer than an answer should. */
export function createDue(services: Services, retention: Retention) {
  const { templates, clock, later, log, catalog, store } = services
  const working = new Set<string>()

  async function enter({ rights }: Acting, application: string): Promise<void> {
    const may = rights.mayEnter(application) || rights.has('approve-destruction') || rights.has('read-log')
    if (!may || !(await templates.list()).includes(application)) throw nothingHere()
  }

  async function workOut(application: string): Promise<void> {
    try {
      await workOutDue(services, retention, application)
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

  const calendar = async (application: string): Promise<DueCalendar> => ({
    application,
    asOf: clock().toISOString().slice(0, 10),
    months: [],
    classes: [],
    ...(await readDue(store, application)),
    working: working.has(application),
  })

  return {
    async read(acting: Acting, application: string): Promise<DueCalendar> {
      await enter(acting, application)
      if (!(await readDue(store, application))) await begin(application)
      return calendar(application)
    },

    async renew(acting: Acting, application: string): Promise<DueCalendar> {
      await enter(acting, application)
      await begin(application)
      return calendar(application)
    },
  }
}
