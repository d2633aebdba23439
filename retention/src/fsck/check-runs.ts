import { createHash } from 'node:crypto'
import { canonicalJson, sha256Hex } from '@muniment/archive/audit/canonical'
import { keysBelow } from '@muniment/archive/audit/keys-below'
import {
  approvalKey,
  certificateKey,
  destroyedKeysKey,
  dispositionKey,
  leavesKey,
  objectDecisionKey,
  objectDoneKey,
  planKey,
  RUNS_PREFIX,
  runPrefix,
} from '@muniment/archive/layout'
import type { ObjectStore } from '@muniment/archive/store/port'
import { Certificate, CertificateStatement, checkCertificate } from '../certificate/certificate.ts'
import { begunKey, endedKey, eventsPrefix, executedKey, heldPrefix, verificationKey } from '../run/run-keys.ts'
import { Approval, ObjectDecision, ObjectDone, Plan, type RowRanges } from '../run/types.ts'
import { joined, rowsIn } from './ranges.ts'
import type { Findings } from './report.ts'

/** Rows of an object that a run destroys, or has destroyed. */
export interface Destruction {
  run: string
  object: string
  rows: RowRanges
  attempt: number
  nonce: string
  /** Absent while it is not marked as done; null where the object is gone. */
  done?: { etag: string | null }
}

export interface RunsOptions {
  store: ObjectStore
  application: string | undefined
  /** Verifier lines of keys that are believed; without them signatures are not checked, which is told. */
  publicKeys?: readonly string[] | undefined
}

const parsed = <T>(
  shape: { safeParse(value: unknown): { success: boolean; data?: T } },
  body: Buffer,
): T | undefined => {
  try {
    return shape.safeParse(JSON.parse(body.toString())).data
  } catch {
    return undefined
  }
}

async function hashOf(store: ObjectStore, key: string): Promise<string | undefined> {
  if (!(await store.head(key))) return undefined
  const hash = createHash('sha256')
  for await (const chunk of await store.stream(key)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Every run: plan, approval, decisions, what was carried out, certificate. Gives what was decided to be destroyed. */
export async function checkRuns(options: RunsOptions, findings: Findings): Promise<Destruction[]> {
  const { store } = options
  const runs: string[] = []
  for await (const name of store.names(RUNS_PREFIX)) if (name.endsWith('/')) runs.push(name.slice(0, -1))
  const destroyed: Destruction[] = []
  for (const run of runs)
    await findings.guarded('runs', runPrefix(run), async () => {
      destroyed.push(...(await checkRun(options, run, findings)))
    })
  return destroyed
}

/** As it is kept: with its own hash beside it. */
const StoredPlan = {
  safeParse(value: unknown): { success: boolean; data?: Plan } {
    const { hash, ...rest } = value as Record<string, unknown>
    const plan = Plan.safeParse(rest)
    if (!plan.success || (hash !== undefined && hash !== sha256Hex(canonicalJson(plan.data)))) return { success: false }
    return { success: true, data: plan.data }
  },
}

async function checkRun(options: RunsOptions, run: string, findings: Findings): Promise<Destruction[]> {
  const { store } = options
  const keys: string[] = []
  for await (const key of keysBelow(store, runPrefix(run))) keys.push(key)
  const stored = await store.get(planKey(run))
  if (!stored) {
    const decided = keys.find((key) => /\/(objects\/|approval\.json|certificate\.json)/.test(key))
    if (decided) findings.problem('runs', planKey(run), `The plan is missing, and there is ${decided}.`)
    else if (keys.length > 0) findings.report.leftovers.push(`${runPrefix(run)}: a plan that was interrupted.`)
    return []
  }
  const plan = parsed<Plan>(StoredPlan, stored.body)
  if (!plan || plan.run !== run) {
    findings.problem('runs', planKey(run), 'This is no plan of this run, or not as it was written.')
    return []
  }
  if (options.application !== undefined && plan.application !== options.application) return []
  findings.report.counts.runs++
  const hash = sha256Hex(canonicalJson(plan))
  const certificate = await store.get(certificateKey(run))
  await checkLists(store, plan, certificate !== undefined, findings)
  const approval = await checkApproval(store, plan, hash, findings)
  const destructions: Destruction[] = []
  let open = 0
  for (const index of plan.objects.keys()) {
    const found = await checkObject(store, plan, index, findings)
    if (found.destruction) destructions.push(found.destruction)
    if (!found.settled) open++
    if (found.attempts > 0 && approval?.outcome !== 'approved')
      findings.problem('runs', objectDecisionKey(run, index, 1), 'It was decided without an approval of the plan.')
  }
  tellStrange(plan, keys, findings)
  await checkCertificateOf(options, plan, certificate?.body, open, destructions, findings)
  if (open > 0 && keys.includes(executedKey(run)))
    findings.problem(
      'runs',
      executedKey(run),
      `The run was carried out, and ${open} of its objects are not marked as done.`,
    )
  if (!certificate) tellOpen(plan, approval, open, keys, findings)
  return destructions
}

async function checkLists(store: ObjectStore, plan: Plan, certified: boolean, findings: Findings): Promise<void> {
  for (const [table, { sha256 }] of Object.entries(plan.lists)) {
    const key = dispositionKey(plan.run, table)
    const hash = await hashOf(store, key)
    // Once certified, the keys go and their hashes stay.
    if (hash === undefined && certified) continue
    if (hash === undefined) findings.problem('runs', key, 'The plan names this list, and it is missing.')
    else if (hash !== sha256) findings.problem('runs', key, 'This is not the list that the plan names.')
  }
}

async function checkApproval(store: ObjectStore, plan: Plan, hash: string, findings: Findings) {
  const key = approvalKey(plan.run)
  const object = await store.get(key)
  if (!object) return undefined
  const approval = parsed<Approval>(Approval, object.body)
  if (!approval || approval.run !== plan.run) findings.problem('runs', key, 'This is no approval of this run.')
  else if (approval.hash !== hash)
    findings.problem(
      'runs',
      key,
      'What was approved is another plan than the one that is there: one of the two was altered.',
    )
  else if (approval.outcome === 'approved' && approval.signed.by === plan.by.by)
    findings.problem('runs', key, 'Plan and approval are of one person; they take two.', 'approver', 'Cancel the run.')
  return approval
}

async function checkObject(
  store: ObjectStore,
  plan: Plan,
  index: number,
  findings: Findings,
): Promise<{ destruction?: Destruction; settled: boolean; attempts: number }> {
  const planned = plan.objects[index]
  if (!planned) return { settled: true, attempts: 0 }
  const { run } = plan
  let attempts = 0
  let standing: Extract<ObjectDecision, { kind: 'destroy' }> | undefined
  for (let attempt = 1; ; attempt++) {
    const key = objectDecisionKey(run, index, attempt)
    const object = await store.get(key)
    if (!object) break
    attempts = attempt
    const decision = parsed<ObjectDecision>(ObjectDecision, object.body)
    if (!decision || decision.run !== run || decision.object !== index || decision.attempt !== attempt)
      findings.problem('runs', key, 'This is no decision about this object.')
    else if (standing) findings.problem('runs', key, 'A decision follows one that stands.')
    else if (decision.kind === 'destroy') {
      standing = decision
      const { twice } = joined([...decision.rows, ...decision.held])
      if (twice || rowsIn(decision.rows) + rowsIn(decision.held) !== planned.due)
        findings.problem('runs', key, `It decides about other rows than the ${planned.due} on the list.`)
    }
  }
  const doneKey = objectDoneKey(run, index)
  const marked = await store.get(doneKey)
  const done = marked && parsed<ObjectDone>(ObjectDone, marked.body)
  if (marked && (!done || done.run !== run || done.object !== index))
    findings.problem('runs', doneKey, 'This is no mark that this object is done.')
  if (done && !standing) findings.problem('runs', doneKey, 'It is marked as done, and nothing was decided.')
  if (done && standing) {
    if (done.attempt !== standing.attempt)
      findings.problem('runs', doneKey, 'What was done is another attempt than the one decided.')
    if (done.destroyed !== rowsIn(standing.rows) || done.kept !== planned.rows - done.destroyed)
      findings.problem('runs', doneKey, 'Another number of rows was destroyed or kept than was decided.')
  }
  return {
    settled: done !== undefined,
    attempts,
    ...(standing && {
      destruction: {
        run,
        object: planned.key,
        rows: standing.rows,
        attempt: standing.attempt,
        nonce: standing.nonce,
        ...(done && { done: { etag: done.etag } }),
      },
    }),
  }
}

/** Keys below a run that no run has. */
function tellStrange(plan: Plan, keys: readonly string[], findings: Findings): void {
  const { run } = plan
  const lists = new Set(Object.keys(plan.lists).map((table) => dispositionKey(run, table)))
  for (const key of keys) {
    const [, number, rest] = /\/objects\/(\d{8})\/(.+)$/.exec(key) ?? []
    const index = Number(number)
    const ofObject =
      number !== undefined &&
      index < plan.objects.length &&
      (/^decision-\d{8}\.json$/.test(rest ?? '') || [objectDoneKey(run, index), leavesKey(run, index)].includes(key))
    const known =
      ofObject ||
      lists.has(key) ||
      [planKey, approvalKey, certificateKey, begunKey, executedKey, endedKey, verificationKey].some(
        (named) => named(run) === key,
      ) ||
      [eventsPrefix(run), heldPrefix(run), `${runPrefix(run)}destroyed/`].some((prefix) => key.startsWith(prefix))
    if (!known)
      findings.problem(
        'keys',
        key,
        'Nothing of a run is called so.',
        'operator',
        'Find out who put it there, and remove it.',
      )
  }
}

async function checkCertificateOf(
  { store, publicKeys }: RunsOptions,
  plan: Plan,
  body: Buffer | undefined,
  open: number,
  destructions: readonly Destruction[],
  findings: Findings,
): Promise<void> {
  if (!body) return
  const key = certificateKey(plan.run)
  findings.report.counts.certificates++
  if (open > 0)
    findings.problem(
      'runs',
      key,
      `It is certified, and ${open} objects are not done.`,
      'records-manager',
      carryOn(plan.run),
    )
  if (destructions.some(({ done }) => !done))
    findings.problem('runs', key, 'It is certified, and something that was decided was not carried out.')
  const files = new Map<string, Buffer>()
  for (const { table } of plan.objects) {
    const hashes = destroyedKeysKey(plan.run, table)
    const object = files.has(hashes) ? undefined : await store.get(hashes)
    if (object) files.set(hashes, object.body)
  }
  if (publicKeys && publicKeys.length > 0) {
    for (const what of checkCertificate(body, publicKeys, files).problems) findings.problem('certificates', key, what)
  } else findings.report.unchecked.push(`${key}: its signature was not checked, as no public key was given.`)
  const statement = statementIn(body)
  if (!statement) {
    findings.problem('certificates', key, 'This is no certificate.')
    return
  }
  const same = (one: unknown, other: unknown) => canonicalJson(one) === canonicalJson(other)
  if (
    statement.run !== plan.run ||
    statement.application !== plan.application ||
    statement.approved.hash !== sha256Hex(canonicalJson(plan)) ||
    !same(statement.lists, plan.lists)
  )
    findings.problem('certificates', key, 'It certifies another plan than the one that is there.')
  for (const [table, { rows }] of Object.entries(statement.tables)) {
    const decided = destructions
      .filter(({ object }) => plan.objects.some((planned) => planned.key === object && planned.table === table))
      .reduce((sum, each) => sum + rowsIn(each.rows), 0)
    if (decided !== rows)
      findings.problem('certificates', key, `It certifies ${rows} rows of ${table}, and ${decided} were decided.`)
  }
}

function statementIn(body: Buffer): CertificateStatement | undefined {
  const certificate = parsed<Certificate>(Certificate, body)
  return certificate && parsed<CertificateStatement>(CertificateStatement, Buffer.from(certificate.statement))
}

const carryOn = (run: string) => `npx muniment retention execute ${run} resumes it where it stopped.`

function tellOpen(
  plan: Plan,
  approval: Approval | undefined,
  open: number,
  keys: readonly string[],
  findings: Findings,
): void {
  const { run } = plan
  const tell = (state: string, todo: string) => findings.report.open.push({ run, state, todo })
  if (approval?.outcome === 'sent-back') return
  if (!approval) tell('planned', 'An approver must approve it or send it back.')
  else if (open === 0) tell('executed', `Verify and certify it: npx muniment retention verify ${run}.`)
  else if (keys.some((key) => key.includes('/objects/'))) tell('executing', carryOn(run))
  else tell('approved', `npx muniment retention execute ${run} carries it out.`)
}
