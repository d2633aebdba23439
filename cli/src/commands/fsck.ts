import { join } from 'node:path'
import { verifierLinesIn } from '@muniment/archive/audit/keys/file-signer'
import { findFileStreamKey } from '@muniment/archive/audit/keys/stream-key'
import { InputError } from '@muniment/archive/errors'
import { rootsInLog } from '@muniment/ingest/seal/roots-in-log'
import { verifySeals } from '@muniment/ingest/seal/verify-seals'
import { openSession } from '@muniment/ingest/tables/session'
import { fsck } from '@muniment/retention/fsck/fsck'
import type { Embedded } from '../embedded.ts'
import { printable } from '../printable.ts'
import { withRetention } from '../retention.ts'
import { readSettings } from '../settings.ts'
import { secretsOf } from './audit.ts'

interface Options {
  application?: string
  deep?: boolean
  sample?: string
  json?: boolean
}

/** What the seals of loads say of the rows as they are. */
async function sealsOf({ home }: Embedded, applications: string[]): Promise<{ key: string; what: string }[]> {
  const session = await openSession(join(home.work, 'fsck-seals'))
  try {
    const logged = await rootsInLog(home.store)
    const found: { key: string; what: string }[] = []
    for (const application of applications) {
      const { differences } = await verifySeals({ home, session, application, logged })
      for (const { load, ...difference } of differences)
        found.push({ key: `loads/${application}/${load}/`, what: `The seal differs: ${JSON.stringify(difference)}` })
    }
    return found
  } finally {
    session.close()
  }
}

function sampleOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const sample = Number(text)
  if (Number.isInteger(sample) && sample > 0) return sample
  throw new InputError('--sample is a whole number of objects.')
}

/** Walks the whole archive and repairs nothing. Exits with 1 where anything is wrong. */
export async function fsckCommand({ application, deep = false, sample, json }: Options) {
  const secrets = secretsOf(readSettings().home)
  const many = sampleOf(sample)
  const report = await withRetention(async (_, embedded) => {
    const { home, catalog, engine } = embedded
    const publicKeys = await verifierLinesIn(secrets)
    const streamKey = await findFileStreamKey(secrets)
    const names: string[] = []
    for await (const name of home.store.names('loads/')) if (name.endsWith('/')) names.push(name.slice(0, -1))
    const applications = application === undefined ? names : [application]
    return fsck(
      { store: home.store, catalog, engine, clock: () => new Date() },
      {
        ...(application !== undefined && { application }),
        deep,
        ...(many !== undefined && { sample: many }),
        ...(publicKeys.length > 0 && { log: { publicKeys, rules: true, ...(streamKey && { streamKey }) } }),
        ...(deep && { more: [() => sealsOf(embedded, applications)] }),
      },
    )
  })
  process.exitCode = report.ok ? 0 : 1
  if (json) return console.log(JSON.stringify(report))
  for (const { key, what, who, todo } of report.problems) console.log(printable(`${key}: ${what} The ${who}: ${todo}`))
  for (const { run, state, todo } of report.open) console.log(printable(`Run ${run} is ${state}: ${todo}`))
  for (const sentence of report.unchecked) console.log(printable(`Not looked at: ${sentence}`))
  const { objects, rows, destroyed, certificates, hashed } = report.counts
  console.log(
    `${objects.toLocaleString('en')} objects with ${rows.toLocaleString('en')} rows, ${destroyed.toLocaleString('en')} rows destroyed by ${certificates} certificates, ${hashed} objects hashed: ${report.ok ? 'all in order.' : `${report.problems.length} problems.`}`,
  )
}
