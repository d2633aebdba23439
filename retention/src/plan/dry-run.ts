import { NotFoundError } from '@muniment/archive/errors'
import type { RetentionDeps } from '../deps.ts'
import type { Plan } from '../run/types.ts'
import type { DomainSchedules } from '../schedule/types.ts'
import { readSchedules } from '../schedule/versions.ts'
import { ChangedError, rowsOf } from './ask.ts'
import { localDay, mustBeDay } from './days.ts'
import { freeze } from './frozen.ts'
import { compiled, type Wanted, workOut } from './work-out.ts'

type Deps = Pick<RetentionDeps, 'store' | 'engine' | 'catalog' | 'loadModel' | 'clock'>

export interface DryRun {
  application: string
  domain: string
  asOf: string
  /** Version of the schedules. */
  schedules: number
  /** Holds are not looked at: `held` and `rows` are 0. */
  counts: Plan['counts']
  reasons: Plan['reasons']
}

export interface DueRow {
  /** First day of the month from which they may go: YYYY-MM-DD. */
  month: string
  domain: string
  class: string
  records: number
  rows: number
}

const MOST_TRIES = 3

/** Works something out by the catalog as it is; once more where records change meanwhile. */
async function working<T>(
  deps: Deps,
  { application, domain, asOf, schedules }: DryRunOptions,
  act: (asker: Parameters<typeof workOut>[0], wanted: Wanted, version: number) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const frozen = await freeze(deps, application, domain)
    const day = mustBeDay(asOf ?? localDay(deps.clock(), frozen.model.timeZone))
    const { model, catalog, statements } = frozen
    const wanted = { model, catalog, statements, asOf: day, schedules: schedules ?? frozen.schedules.schedules }
    try {
      return await act({ engine: deps.engine, model, version: catalog.version }, wanted, frozen.schedules.number)
    } catch (error) {
      if (!(error instanceof ChangedError) || tries === MOST_TRIES) throw error
      await deps.engine.refresh(application)
    }
  }
}

export interface DryRunOptions {
  application: string
  domain: string
  /** Any day, also one that is still to come; today where nothing is said. */
  asOf?: string | undefined
  /** In place of those in force. */
  schedules?: DomainSchedules | undefined
}

/** What would be due on a day, and why what is not; writes nothing. */
export const dryRun = (deps: Deps, options: DryRunOptions): Promise<DryRun> =>
  working(deps, options, async (asker, wanted, version) => {
    const { counts, reasons } = await workOut(asker, wanted)
    const { application, domain } = options
    return { application, domain, asOf: wanted.asOf, schedules: version, counts, reasons }
  })

/** Domains of an application that have schedules. */
export async function scheduledDomains(
  { store, loadModel }: Pick<RetentionDeps, 'store' | 'loadModel'>,
  application: string,
): Promise<string[]> {
  const { domains } = await loadModel(application)
  const found: string[] = []
  for (const { name } of domains) if (await readSchedules(store, application, name)) found.push(name)
  return found
}

/**
 * What may go on a day, by the month from which it may: overdue in the months that are past. Conditions and what names a record count as on
 * that day and in the archive as it is now. Writes nothing. Throws NotFoundError where the domain has no schedules.
 */
export async function dueByMonth(
  deps: Deps,
  { application, domain, asOf }: { application: string; domain?: string | undefined; asOf?: string | undefined },
): Promise<DueRow[]> {
  const known = await scheduledDomains(deps, application)
  if (domain !== undefined && !known.includes(domain)) throw new NotFoundError(`There are no schedules of ${domain}.`)
  const rows: DueRow[] = []
  for (const each of domain === undefined ? known : [domain]) {
    const found = await working(deps, { application, domain: each, asOf }, async (asker, wanted) =>
      rowsOf(asker, compiled(wanted).months()),
    )
    for (const [month, name, records, n] of found)
      rows.push({
        month: month ?? '',
        domain: each,
        class: name ?? '',
        records: Number(records),
        rows: Number(n),
      })
  }
  return rows.sort((one, other) => (one.month < other.month ? -1 : one.month > other.month ? 1 : 0))
}
