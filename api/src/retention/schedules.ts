import type { Retention } from '@muniment/retention/retention'
import type { DomainSchedulesView } from '../contract.ts'
import type { Acting } from '../shared/acting.ts'
import type { Services } from '../shared/services.ts'
import { presentSchedules } from './present-schedules.ts'

const signed = ({ by, at }: { by: string; at: string }) => ({ by, at })

/** Schedules hold no records: whoever plans, approves or audits destruction reads them all. */
export async function schedulesInForce(
  { templates }: Services,
  retention: Retention,
  _acting: Acting,
  application?: string,
): Promise<DomainSchedulesView[]> {
  const names = (await templates.list()).filter((name) => application === undefined || name === application)
  const found = await Promise.all(
    names.map(async (name) => {
      const { application: model } = await templates.get(name)
      return (await retention.schedules(name)).map(({ number, schedules, proposed, approved }) => ({
        ...presentSchedules(model, schedules),
        number,
        proposed: signed(proposed),
        ...(approved && { approved: signed(approved) }),
      }))
    }),
  )
  return found.flat()
}
