import type { Application } from '../model/types.ts'
import { inForce, names, recordGrants } from './grants.ts'
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

/** What one group alone may see of one domain: persons of several groups see what these allow together. */
export interface DomainAccess {
  application: string
  domain: string
  /** Of single grants, as no two add up to one column: the sensitivities that each shows. */
  sensitivities: string[][]
  right: RecordRight
  sees: string[]
  useCases: string[]
  grants: string[]
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

/** The version that was in force at a moment; undefined before the first. */
export function versionAt(chain: readonly StoredVersion[], at: Date): StoredVersion | undefined {
  return chain.findLast((version) => inForceFrom(version) <= at)
}

const unique = <T>(list: readonly T[]): T[] => [...new Set(list)].sort()

function domainAccess(application: string, domain: string, grants: readonly Grant[]): DomainAccess | undefined {
  const own = grants.filter((grant) => names(grant.applications, application) && names(grant.domains, domain))
  if (own.length === 0) return undefined
  const rights = own.flatMap((grant) => grant.rights)
  return {
    application,
    domain,
    sensitivities: own.map(({ sensitivities }) => unique(sensitivities)),
    right: RecordRight.options.findLast((right) => rights.includes(right)) ?? 'see',
    sees: unique(own.flatMap(({ sees }) => sees)),
    useCases: unique(own.flatMap(({ useCases }) => useCases)),
    grants: own.map(({ id }) => id),
  }
}

/** Who could see what at a moment: every group that the rules named then, with what its grants in force gave it. */
export function accessReport(version: StoredVersion, models: readonly Application[], at: Date): AccessReport {
  const { rules } = version
  const groups = unique(rules.grants.flatMap((grant) => grant.groups)).map((group): GroupAccess => {
    const rights = rightsBy(rules, version.number, { groups: [group] }, at)
    const grants = recordGrants(rules.grants.filter((grant) => grant.groups.includes(group) && inForce(grant, at)))
    const domains = models.flatMap((model) =>
      model.domains.flatMap(({ name }) => domainAccess(model.name, name, grants) ?? []),
    )
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
