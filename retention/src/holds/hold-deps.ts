import { InputError, OperatorError } from '@muniment/archive/errors'
import type { HoldDeps } from '@muniment/archive/holds/deps'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { RetentionDeps } from '../deps.ts'
import { readList, readPlan } from '../plan/read-plan.ts'
import type { Plan } from '../run/types.ts'
import { readSchedules, readSchedulesChain } from '../schedule/versions.ts'
import { createBar } from './bar.ts'

/** Of each class of a plan's schedules its own table, by the version that the plan was made by. Throws OperatorError where that is gone. */
export async function classTablesOf(store: ObjectStore, plan: Plan): Promise<ReadonlyMap<string, string>> {
  const chain = await readSchedulesChain(store, plan.application, plan.domain)
  const version = chain.find(({ number }) => number === plan.schedules.version)
  if (!version || version.hash !== plan.schedules.sha256)
    throw new OperatorError(`The schedules by which run ${plan.run} was planned are missing or were altered.`)
  return new Map(version.schedules.classes.map(({ name, table }) => [name, table]))
}

/** A record class's table, and those whose rows go with it. */
async function tablesOfClass(store: ObjectStore, application: string, domain: string, name: string): Promise<string[]> {
  const stored = await readSchedules(store, application, domain)
  const found = stored?.schedules.classes.find((each) => each.name === name)
  if (!found) throw new InputError(`The schedules of ${domain} have no record class "${name}".`)
  return [found.table, ...found.with.map(({ table }) => table)]
}

/** What placing, widening and resolving holds work with, where records are destroyed: runs are barred, classes are those of the schedules. */
export function holdDeps(deps: RetentionDeps): HoldDeps {
  const { store, engine, catalog, loadModel, audit, clock } = deps
  return {
    store,
    engine,
    catalog,
    loadModel,
    audit,
    clock,
    classTables: (application, domain, name) => tablesOfClass(store, application, domain, name),
    bar: createBar({ store, clock }, { readPlan, readList, classTables: (plan) => classTablesOf(store, plan) }),
  }
}
