/** What there is to deploy: `npx cdk deploy --all -c env=<name>` in this folder. What each setting means: src/settings.ts. */
import { sampleRules } from '@muniment/archive/access/sample-rules'
import { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { EnvironmentSettings } from './src/settings.ts'

const GB = 1_000_000_000

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
  },
}
