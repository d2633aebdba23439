import type { StandIns } from '../stand-ins.ts'
import type { Api } from './api.ts'
import type { Deployed } from './deploy.ts'
import type { Embedded } from './embedded.ts'
import type { Muniment } from './load.ts'
import type { Signed } from './people.ts'
import type { Report } from './report.ts'

/** What the steps after loading work with. */
export interface Rehearsal {
  readonly report: Report
  readonly standIns: StandIns
  readonly deployed: Deployed
  readonly api: Api
  readonly people: ReadonlyMap<string, Signed>
  readonly embedded: Embedded
  readonly muniment: Muniment
}

export function tokenOf(people: Rehearsal['people'], id: string): string {
  const found = people.get(id)
  if (!found) throw new Error(`${id} is not signed in.`)
  return found.token
}

export function embeddedTokenOf({ tokens }: Embedded, id: string): string {
  const found = tokens.get(id)
  if (found === undefined) throw new Error(`${id} has no token of the embedded product.`)
  return found
}
