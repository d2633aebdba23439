import type { Application, Sensitivity } from '../model/types.ts'
import { carries, inForce, names, recordGrants } from './grants.ts'
import { rightsBy } from './rights.ts'
import type { Duty, Role } from './rules.ts'
import { type Grant, RecordRight } from './rules.ts'
import { inForceFrom, type StoredVersion } from './versions.ts'

const ALL_DUTIES: readonly Duty[] = [
  'read-log',
  'propose-rules',
  'approve-rules',
  'manage-holds',
  'load',
  'publish-templates',
  'operate',
]

/** What one grant gives of one domain. What several give together is in docs/access-rules.md. */
export interface DomainAccess {
  application: string
  domain: string
  grant: string
  sensitivities: Sensitivity[]
  /** The greatest. */
  right: RecordRight
  /** Row rules that do not apply. */
  sees: string[]
  useCases: string[]
}

export interface GroupAccess {
  group: string
  roles: Role[]
  duties: Duty[]
  domains: DomainAccess[]
}

export interface AccessReport {
  at: string
  version: number
  /** Since when that version was in force. */
  since: string
  title: string
  groups: GroupAccess[]
}

const unique = <T>(list: readonly T[]): T[] => [...new Set(list)].sort()

const domainsOf = (grant: Grant, models: readonly Application[]): DomainAccess[] =>
  models
    .filter(({ name }) => names(grant.applications, name))
    .flatMap((model) => model.domains.map(({ name }) => ({ application: model.name, domain: name })))
    .filter(({ domain }) => names(grant.domains, domain))
    .map((where) => ({
      ...where,
      grant: grant.id,
      sensitivities: unique(grant.sensitivities),
      right: RecordRight.options.findLast((right) => carries(grant, right)) ?? 'see',
      sees: unique(grant.sees),
      useCases: unique(grant.useCases),
    }))

/** Who could see what at a moment: every group that the rules named then, with what its grants in force gave it. */
export function accessReport(version: StoredVersion, models: readonly Application[], at: Date): AccessReport {
  const { rules } = version
  const groups = unique(rules.grants.flatMap((grant) => grant.groups)).map((group): GroupAccess => {
    const rights = rightsBy(rules, version.number, { groups: [group] }, at)
    const grants = recordGrants(rules.grants.filter((grant) => grant.groups.includes(group) && inForce(grant, at)))
    const domains = grants.flatMap((grant) => domainsOf(grant, models))
    return { group, roles: rights.roles, duties: ALL_DUTIES.filter((duty) => rights.has(duty)), domains }
  })
  return {
    at: at.toISOString(),
    version: version.number,
    since: inForceFrom(version).toISOString(),
    title: rules.title,
    groups,
  }
}
