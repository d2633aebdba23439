import { concerns, recordGrants } from '@muniment/archive/access/grants'
import { recordView } from '@muniment/archive/access/record-view'
import { sampleRules } from '@muniment/archive/access/sample-rules'
import type { Restrictions } from '@muniment/archive/engine/port'
import type { Application } from '@muniment/archive/model/types'

/** By group of the sample rules: what it may not see of the application. Groups that see nothing of it are left out. */
export function restrictionsByGroup(application: Application): Map<string, Restrictions> {
  const groups = new Set(sampleRules.grants.flatMap((grant) => grant.groups))
  const found = new Map<string, Restrictions>()
  for (const group of groups) {
    const grants = recordGrants(sampleRules.grants.filter((grant) => concerns(grant, { groups: [group] })))
    const restrictions = recordView(application, grants)?.restrictions
    if (restrictions) found.set(group, restrictions)
  }
  return found
}
