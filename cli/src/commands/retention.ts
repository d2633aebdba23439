import { InputError } from '@muniment/archive/errors'
import type { Plan } from '@muniment/retention/run/types'
import { personNamed } from '../person-named.ts'
import { printTable } from '../print-table.ts'
import { printable } from '../printable.ts'
import { withRetention } from '../retention.ts'

interface Json {
  json?: boolean
}

const number = (value: number) => value.toLocaleString('en')

/** Figures as texts, for a table. */
const asTexts = (row: Record<string, string | number>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'number' ? number(value) : value]),
  )

/** Sums over the classes: records. */
function countsOf({ counts }: Pick<Plan, 'counts'>) {
  const total = { due: 0, held: 0, kept: 0, review: 0, undated: 0, conflict: 0 }
  for (const count of Object.values(counts))
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += count[name]
  return total
}

export async function retentionDue(options: Json & { application: string; domain?: string; asOf?: string }) {
  const { runs, months } = await withRetention((retention) => retention.due(options.application, options.asOf))
  const { domain: only } = options
  if (only !== undefined && !runs.some(({ domain }) => domain === only))
    throw new InputError(
      `No domain ${only} has retention schedules: ${runs.map(({ domain }) => domain).join(', ') || 'none has'}.`,
    )
  const wanted = ({ domain }: { domain: string }) => only === undefined || domain === only
  const rows = months.filter(wanted)
  const classes = runs.filter(wanted).flatMap(({ domain, counts, reasons }) =>
    Object.entries(counts).map(([name, { rows: _, ...count }]) => ({
      domain,
      class: name,
      ...count,
      reasons: reasons[name] ?? [],
    })),
  )
  if (options.json)
    return console.log(JSON.stringify({ application: options.application, asOf: runs[0]?.asOf, months: rows, classes }))
  if (classes.length === 0) return console.log('There are no retention schedules, so nothing falls due.')
  printTable(classes.map(({ reasons: _, ...one }) => asTexts(one)))
  for (const { domain, class: name, reasons } of classes)
    for (const { why, records } of reasons) console.log(printable(`${domain} ${name}: ${number(records)} kept: ${why}`))
  console.log('\nBy the month from which they may go:')
  printTable(rows.map((row) => asTexts({ ...row, month: row.month.slice(0, 7) })))
}

export async function retentionPlan(
  options: Json & { application: string; domain: string; asOf?: string; as: string },
) {
  const by = await personNamed(options.as)
  const { application, domain, asOf } = options
  const { plan, hash } = await withRetention(async (retention) => {
    const { run } = await retention.plan({ application, domain, asOf, by })
    return retention.planned(run)
  })
  const { held, kept, undated, due, review, conflict } = countsOf(plan)
  if (options.json)
    return console.log(
      JSON.stringify({ run: plan.run, hash, counts: { due, held, kept, undated, review, conflict }, asOf: plan.asOf }),
    )
  console.log(`Run ${plan.run}: ${number(due)} records of ${domain} are due as of ${plan.asOf}.`)
  console.log(`${number(held)} are held, ${number(kept)} kept although due, ${number(undated)} cannot be dated.`)
  console.log(`Its hash is ${hash}. Somebody else approves it:`)
  console.log(`  npx muniment retention approve ${plan.run} --hash ${hash} --as PERSON`)
}

export async function retentionApprove(run: string, options: Json & { hash: string; as: string }) {
  const by = await personNamed(options.as)
  const { outcome, signed } = await withRetention(async (retention) => {
    const { plan } = await retention.planned(run)
    return retention.approve(run, { hash: options.hash, said: String(countsOf(plan).due), by })
  })
  if (options.json) return console.log(JSON.stringify({ run, state: outcome, by: signed.by, at: signed.at }))
  console.log(`Run ${run} is approved. To destroy what is on its list: npx muniment retention execute ${run}`)
}

export async function retentionSendBack(run: string, options: Json & { reason: string; as: string }) {
  const by = await personNamed(options.as)
  await withRetention(async (retention) => {
    const { hash } = await retention.planned(run)
    return retention.sendBack(run, { hash, said: options.reason, by })
  })
  if (options.json) return console.log(JSON.stringify({ run, state: 'sent-back' }))
  console.log(`Run ${run} was sent back. Nothing of it is destroyed.`)
}

export async function retentionExecute(run: string, options: Json & { workers?: string }) {
  const workers = options.workers === undefined ? undefined : Number(options.workers)
  if (workers !== undefined && (!Number.isInteger(workers) || workers < 1 || workers > 16))
    throw new InputError('--workers is a whole number from 1 to 16.')
  const { state, destroyed, objects } = await withRetention((retention) =>
    retention.execute(run, {
      ...(workers !== undefined && { workers }),
      progress: ({ objects: { done, all } }) => {
        if (!options.json && process.stderr.isTTY) process.stderr.write(`\r${done} of ${all} objects`)
      },
    }),
  )
  if (!options.json && process.stderr.isTTY) process.stderr.write('\n')
  process.exitCode = state === 'executed' ? 0 : 1
  if (options.json) return console.log(JSON.stringify({ run, state, destroyed, objects }))
  console.log(`Run ${run} is ${state}: ${number(destroyed)} rows of ${number(objects)} objects are destroyed.`)
  if (state === 'executed') console.log(`Verify it: npx muniment retention verify ${run}`)
}

export async function retentionVerify(run: string, { json }: Json) {
  const { findings, remains, asked } = await withRetention((retention) => retention.verify(run))
  process.exitCode = findings.length === 0 ? 0 : 1
  if (json) return console.log(JSON.stringify({ run, ok: findings.length === 0, findings, remains, asked }))
  for (const finding of findings) console.log(printable(finding))
  for (const { what, why } of remains) console.log(printable(`Remains: ${what}, because ${why}.`))
  if (findings.length === 0)
    console.log(`Nothing of run ${run} was found any more. Its certificate: npx muniment retention certificate ${run}`)
}

/** Makes the certificate where there is none yet. */
export async function retentionCertificate(run: string, { json }: Json) {
  const { certificate, problems } = await withRetention(async (retention) => {
    await retention.certify(run)
    return retention.certificate(run)
  })
  process.exitCode = problems.length === 0 ? 0 : 1
  // As it is signed, so that it can be kept and checked.
  if (json) return console.log(JSON.stringify(certificate))
  console.log(JSON.stringify(JSON.parse(certificate.statement), null, 2))
  for (const problem of problems) console.log(printable(problem))
  if (problems.length === 0) console.log('Its signature is good. docs/certificates.md says how a stranger checks it.')
}

export async function retentionRuns(options: Json & { application?: string }) {
  const runs = await withRetention((retention) => retention.runs(options.application))
  if (options.json) return console.log(JSON.stringify({ runs }))
  if (runs.length === 0) return console.log('There are no runs.')
  printTable(
    runs.map(({ run, application, domain, state, objects, destroyed }) => ({
      run,
      application,
      domain,
      state,
      objects: `${objects.done} of ${objects.all}`,
      destroyed: number(destroyed),
    })),
  )
}
