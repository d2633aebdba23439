import type { Signer } from '@muniment/archive/audit/keys/port'
import type { Actor } from '@muniment/archive/audit/port'
import type { KeySecrets } from '@muniment/archive/destroyed/key-secrets'
import { MunimentError, NotFoundError, OperatorError } from '@muniment/archive/errors'
import type { HoldDeps } from '@muniment/archive/holds/deps'
import { certificateKey, schedulesProposalKey } from '@muniment/archive/layout'
import type { SealSecrets } from '@muniment/archive/seals/secrets'
import { Certificate, CertificateStatement, checkCertificate } from './certificate/certificate.ts'
import { certifyRun } from './certificate/certify-run.ts'
import type { Acting, RetentionDeps } from './deps.ts'
import { type Executed, type ExecuteOptions, executeRun } from './execute/execute-run.ts'
import type { ExecuteDeps } from './execute/ports.ts'
import { preflight } from './execute/preflight.ts'
import { holdDeps } from './holds/hold-deps.ts'
import { resolveBeforeRun } from './holds/resolve-before-run.ts'
import { type DryRun, type DueRow, dryRun, dueByMonth, scheduledDomains } from './plan/dry-run.ts'
import { type ExplainedRecord, explainRecord } from './plan/explain-record.ts'
import { makePlan, type PlanOptions } from './plan/make-plan.ts'
import { preflightPlan } from './plan/preflight-plan.ts'
import { planHash, readList, readPlan } from './plan/read-plan.ts'
import { type ClassReview, reviewPlan } from './review/review-plan.ts'
import { approveRun, cancelRun, pauseRun, resumeRun, type Said, sendBack } from './run/acts.ts'
import { listRuns, type RunStatus, runState } from './run/run-state.ts'
import type { Approval, Plan, RunState } from './run/types.ts'
import { readDrafts } from './schedule/drafts.ts'
import { firstSchedules } from './schedule/first-schedules.ts'
import {
  approveSchedules,
  endSchedulesProposal,
  listSchedulesProposals,
  proposeSchedules,
  readSchedulesProposal,
  type SchedulesProposal,
} from './schedule/proposals.ts'
import type { DomainSchedules } from './schedule/types.ts'
import { readSchedules, readSchedulesChain, type StoredSchedules } from './schedule/versions.ts'
import { type Verification, verifyRun } from './verify/verify-run.ts'

/** What an approver is shown of a run. */
export interface RunToReview {
  plan: Plan
  hash: string
  status: RunStatus
  /** By class; absent once the lists have gone. */
  review?: Map<string, ClassReview>
}

interface Reasoned {
  by: Acting
  reason: string
}

/** Schedules, plans and their destruction, for whoever asks: the API, the command line, a timer. */
export interface Retention {
  /** What placing holds works with. */
  holds: HoldDeps
  /** Puts the drafts in a folder in force of which a domain has none yet: the first that a setting begins with. */
  begin(drafts: string, from: { by: string; reason: string }): Promise<void>
  /** Of each domain that has some, those in force. */
  schedules(application: string): Promise<StoredSchedules[]>
  proposals(application: string): Promise<SchedulesProposal[]>
  /** Throws NotFoundError where no domain has one of this id. */
  proposal(id: string, application?: string): Promise<SchedulesProposal>
  propose(wanted: { schedules: DomainSchedules; reason: string; by: Acting }): Promise<SchedulesProposal>
  approveProposal(id: string, by: Acting): Promise<SchedulesProposal>
  endProposal(
    id: string,
    how: { kind: 'withdrawn' | 'refused'; reason?: string; by: Acting },
  ): Promise<SchedulesProposal>
  /** What would fall due until a day, and why the rest is not: of each domain that has schedules. Writes nothing. */
  due(application: string, asOf?: string): Promise<{ runs: DryRun[]; months: DueRow[] }>
  /** Why a record is still here. */
  explain(asked: { application: string; table: string; key: string[]; asOf?: string }): Promise<ExplainedRecord>
  plan(options: PlanOptions): Promise<Plan>
  /** Newest first. */
  runs(application?: string): Promise<RunStatus[]>
  run(run: string): Promise<RunToReview>
  /** The plan alone, with its hash. */
  planned(run: string): Promise<{ plan: Plan; hash: string }>
  /** The version of the schedules that a plan was made by. */
  schedulesOf(plan: Plan): Promise<StoredSchedules>
  /** Why a run may not be carried out as things are; none: it may. */
  obstacles(run: string): Promise<string[]>
  approve(run: string, said: Said): Promise<Approval>
  sendBack(run: string, said: Said): Promise<Approval>
  /** Carries out, or goes on with, an approved run; resolves when it ends or stops. */
  execute(run: string, options?: ExecuteOptions & { actor?: Actor }): Promise<Executed>
  pause(run: string, said: Reasoned): Promise<void>
  resume(run: string, said: Reasoned): Promise<void>
  cancel(run: string, said: Reasoned): Promise<void>
  verify(run: string): Promise<Verification>
  certify(run: string): Promise<Certificate>
  /** Carries out, verifies and certifies: from wherever it stopped to the end. Throws OperatorError where anything is amiss. */
  finish(run: string, options?: ExecuteOptions & { actor?: Actor }): Promise<RunState>
  /** The certificate as it is kept, and what is wrong with it. Throws NotFoundError where there is none. */
  certificate(run: string): Promise<{ certificate: Certificate; problems: string[] }>
}

export interface RetentionOptions extends RetentionDeps {
  /** Absent where loads were never sealed. */
  sealSecrets?: SealSecrets
  /** Names of all there are. */
  applications: () => Promise<string[]>
  /** By which it can be told later whether a record was destroyed. */
  keySecrets: KeySecrets
  /** Who signs certificates: the log's key. */
  signer: () => Promise<Signer>
  /** Verifier lines of the keys that are believed. */
  publicKeys: () => Promise<string[]>
}

/** Schedules, holds and destruction over a store and an engine; what they are is up to who calls. */
export function createRetention(options: RetentionOptions): Retention {
  const { store, loadModel } = options
  const holds = holdDeps(options)
  const execution = (actor?: Actor): ExecuteDeps => ({
    ...options,
    // What was loaded since it was planned may belong to what is held.
    preflight: async (plan) => [...(await resolveBeforeRun(options, plan)), ...(await preflightPlan(options, plan))],
    ...(actor && { actor }),
  })

  /** A proposal and the domain that it is of. */
  async function placed(id: string, application?: string) {
    for (const name of application === undefined ? await options.applications() : [application])
      for (const { name: domain } of (await loadModel(name)).domains) {
        const of = { application: name, domain }
        if (await store.head(schedulesProposalKey(name, domain, id)))
          return { of, proposal: await readSchedulesProposal(store, of, id) }
      }
    throw new NotFoundError(`There is no proposal "${id.slice(0, 64)}".`)
  }

  return {
    holds,

    async begin(drafts, from) {
      for (const application of await options.applications()) {
        const model = await loadModel(application)
        for (const schedules of await readDrafts(drafts, application))
          await firstSchedules(options, schedules, { model, ...from })
      }
    },

    async schedules(application) {
      const { domains } = await loadModel(application)
      const found = await Promise.all(domains.map(({ name }) => readSchedules(store, application, name)))
      return found.flatMap((one) => one ?? [])
    },

    async proposals(application) {
      const { domains } = await loadModel(application)
      const found = await Promise.all(
        domains.map(({ name: domain }) => listSchedulesProposals(store, { application, domain })),
      )
      return found.flat().sort((one, other) => other.proposed.at.localeCompare(one.proposed.at))
    },

    proposal: async (id, application) => (await placed(id, application)).proposal,
    propose: (wanted) => proposeSchedules(options, wanted),
    async approveProposal(id, by) {
      const { of } = await placed(id)
      await approveSchedules(options, { ...of, id, by })
      return readSchedulesProposal(store, of, id)
    },
    async endProposal(id, how) {
      const { of } = await placed(id)
      return endSchedulesProposal(options, { ...of, id, ...how })
    },

    async due(application, asOf) {
      const domains = await scheduledDomains(options, application)
      const runs: DryRun[] = []
      for (const domain of domains) runs.push(await dryRun(options, { application, domain, asOf }))
      return { runs, months: await dueByMonth(options, { application, asOf }) }
    },

    explain: (asked) => explainRecord(options, asked),

    plan: (wanted) => makePlan(options, wanted),

    runs: (application) => listRuns(store, application),

    async run(run) {
      const status = await runState(store, run)
      const plan = await readPlan(store, run)
      const review =
        status.state === 'certified' ? undefined : await reviewPlan(plan, (table) => readList(store, run, table))
      return { plan, hash: planHash(plan), status, ...(review && { review }) }
    },

    async planned(run) {
      const plan = await readPlan(store, run)
      return { plan, hash: planHash(plan) }
    },

    async schedulesOf({ application, domain, schedules }) {
      const chain = await readSchedulesChain(store, application, domain)
      const found = chain.find(({ number, hash }) => number === schedules.version && hash === schedules.sha256)
      if (found) return found
      throw new OperatorError('The schedules by which this run was planned are missing or were altered.')
    },

    async obstacles(run) {
      const { state } = await runState(store, run)
      if (state !== 'planned' && state !== 'approved') return []
      try {
        return await preflight(
          { ...execution(), preflight: (plan) => preflightPlan(options, plan) },
          await readPlan(store, run),
        )
      } catch (error) {
        // What cannot be looked at keeps it from beginning too.
        if (error instanceof MunimentError) return [error.message]
        throw error
      }
    },

    approve: (run, said) => approveRun(options, run, said),
    sendBack: (run, said) => sendBack(options, run, said),

    async execute(run, { actor, ...how } = {}) {
      return executeRun(execution(actor), run, how)
    },

    verify: (run) => verifyRun(execution(), run),
    certify: async (run) => certifyRun({ ...execution(), keySecrets: options.keySecrets }, run, await options.signer()),

    async finish(run, how) {
      const { state } = await this.execute(run, how)
      if (state !== 'executed') return state
      const { findings } = await this.verify(run)
      if (findings.length > 0)
        throw new OperatorError(`What run ${run} destroyed is not gone everywhere: ${findings.join(' ')}`)
      await this.certify(run)
      return 'certified'
    },

    async certificate(run) {
      const object = await store.get(certificateKey(run))
      if (!object) throw new NotFoundError(`The run ${run} has no certificate.`)
      const files = new Map<string, Buffer>()
      const certificate = Certificate.parse(JSON.parse(object.body.toString()))
      const { tables } = CertificateStatement.parse(JSON.parse(certificate.statement))
      for (const { destroyed } of Object.values(tables)) {
        const file = await store.get(destroyed.key)
        if (file) files.set(destroyed.key, file.body)
      }
      return { certificate, problems: checkCertificate(object.body, await options.publicKeys(), files).problems }
    },

    pause: async (run, said) => {
      await pauseRun(options, run, said)
    },
    resume: async (run, said) => {
      await resumeRun(options, run, said)
    },
    cancel: async (run, said) => {
      await cancelRun(options, run, said)
    },
  }
}
