import type { Me } from '@muniment/api/contract'

type Has = Pick<Me, 'duties'>

const has = (me: Has | undefined, ...duties: string[]): boolean => duties.some((duty) => me?.duties.includes(duty))

/** Who looks at what falls due, at runs and schedules: whoever decides about them, and whoever reads the log. */
export const seesRetention = (me: Has | undefined): boolean =>
  has(me, 'manage-holds', 'plan-destruction', 'approve-destruction', 'read-log')
/** A hold's matter and reason are for fewer. */
export const seesHolds = (me: Has): boolean => has(me, 'manage-holds', 'approve-destruction')
export const mayHold = (me: Has): boolean => has(me, 'manage-holds')
/** Works out what is due, plans, and carries out what somebody else approved. */
export const mayPlan = (me: Has): boolean => has(me, 'plan-destruction')
export const mayApprove = (me: Has): boolean => has(me, 'approve-destruction')
export const mayPropose = (me: Has): boolean => has(me, 'propose-schedules')
export const mayApproveSchedules = (me: Has): boolean => has(me, 'approve-schedules')
