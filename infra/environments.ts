/** What there is to deploy: `npm run deploy -- --env <name>` (docs/deploy.md). What each setting means: src/settings.ts. */
import { sampleRules } from '@muniment/archive/access/sample-rules'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { EnvironmentSettings } from './src/settings.ts'

const MB = 1_000_000
const GB = 1_000 * MB

export const environments: Readonly<Record<string, EnvironmentSettings>> = {
  /** The samples, in whichever account the credentials are of. */
  demo: {
    applications: ['pas', 'nycflights'],
    budget: { bytesPerDay: 100 * GB, bytesPerQuery: 10 * GB },
    logs: { retention: RetentionDays.ONE_MONTH, storageAccessDays: 30 },
    // A demonstration can be taken down the next day.
    witness: { lock: { mode: 'governance', days: 1 } },
    signIn: { groups: [...new Set(sampleRules.grants.flatMap(({ groups }) => groups))].sort() },
    api: { requestsPerSecond: 50, burst: 100 },
    alarms: { latencyMs: 5_000 },
    expected: {
      recordsGb: 1,
      objects: 200,
      searchesPerMonth: 1_000,
      statementsPerSearch: 3,
      bytesPerSearch: 30 * MB,
      people: 10,
      retentionYears: 1,
      crawls: 1,
    },
  },
}
