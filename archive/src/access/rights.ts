import type { Person } from '../identity/port.ts'
import type { Application } from '../model/types.ts'
import { dutiesOf } from './duties.ts'
import { concerns, inForce, names, recordGrants } from './grants.ts'
import type { RecordView, Rights, Through } from './port.ts'
import { recordView } from './record-view.ts'
import type { AccessRules, Duty, Grant, Limits, Role } from './rules.ts'
import { usualRules } from './unusual-use.ts'

const LIMITS = ['searchesPerMinute', 'rowsExportedPerDay', 'bytesScannedPerMonth', 'bytesPerSearch'] as const

function largest(limits: AccessRules['limits'], roles: Role[]): Limits {
  const merged: Limits = {}
  for (const name of LIMITS) {
    const each = roles.map((role) => limits[role]?.[name] ?? Number.POSITIVE_INFINITY)
    const most = Math.max(0, ...each)
    if (each.length > 0 && most !== Number.POSITIVE_INFINITY) merged[name] = most
  }
  return merged
}

/** What a person of these groups may do by `rules` at a moment. Grants add up: what any of them allows is allowed. */
export function rightsBy(rules: AccessRules, version: number, person: Pick<Person, 'groups'>, at: Date): Rights {
  const views = new WeakMap<Application, Map<string, RecordView | undefined>>()

  function viewOf(model: Application, through: Through = {}): RecordView | undefined {
    const known = views.get(model) ?? new Map<string, RecordView | undefined>()
    views.set(model, known)
    const key = JSON.stringify([through.useCase, through.right])
    if (!known.has(key)) known.set(key, recordView(model, ofRecords, through))
    return known.get(key)
  }

  const grants = rules.grants.filter((grant) => concerns(grant, person) && inForce(grant, at))
  const ofRecords = recordGrants(grants)
  const duties = new Set<Duty>(grants.flatMap(({ role }) => dutiesOf(role)))
  const rolesOf = (some: Grant[]) => [...new Set(some.map(({ role }) => role))].sort()
  return {
    rules: version,
    roles: rolesOf(grants),
    groups: [...new Set(person.groups)].sort(),
    grants: grants.map(({ id }) => id).sort(),
    limits: largest(rules.limits, rolesOf(ofRecords)),
    bulkRows: rules.bulkRows,
    unusualUse: rules.unusualUse ?? usualRules,
    contact: rules.contact,
    has: (duty) => duties.has(duty),
    mayEnter: (application) => ofRecords.some(({ applications }) => names(applications, application)),
    view: viewOf,
  }
}
