import type { StandIns } from '../stand-ins.ts'
import type { Api } from './api.ts'
import type { Deployed } from './deploy.ts'
import type { Embedded } from './embedded.ts'
import type { Muniment } from './load.ts'
import type { People } from './people.ts'
import type { Report } from './report.ts'

/** What the steps after loading work with. */
export interface Rehearsal {
  readonly report: Report
  readonly standIns: StandIns
  readonly deployed: Deployed
  readonly api: Api
  readonly people: People
  readonly embedded: Embedded
  readonly muniment: Muniment
}
