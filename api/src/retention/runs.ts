import { MunimentError, OperatorError } from '@muniment/archive/errors'
import type { Retention } from '@muniment/retention/retention'
import type { ApproveRun, CertificateView, RunDetails, RunSummary, StartRun } from '../contract.ts'
import { ProblemError } from '../errors.ts'
import { type Acting, actorOf } from '../shared/acting.ts'
import { nothingHere } from '../shared/guards.ts'
import type { Services } from '../shared/services.ts'
import { presentRun, presentSummary } from './present-run.ts'

/** Destruction runs as people plan, decide and watch them. Whose duty it is was asked before; retention asks again. */
export function createRuns({ templates, log, later }: Services, retention: Retention) {
  const loadModel = async (application: string) => (await templates.get(application)).application
  /** Runs that this process carries out, with the seconds that are left. */
  const working = new Map<string, { secondsLeft?: number }>()
  /** Why those stopped that did. */
  const stopped = new Map<string, string>()

  /** Runs of an application that the person may not enter are answered as if they were not there; approvers see no records. */
  const mayKnow = ({ rights }: Acting, application: string) =>
    rights.mayEnter(application) || rights.has('approve-destruction') || rights.has('read-log')

  async function read(acting: Acting, id: string): Promise<RunDetails> {
    const found = await retention.run(id)
    const { plan, status } = found
    if (!mayKnow(acting, plan.application)) throw nothingHere()
    const model = await loadModel(plan.application)
    const schedules = await retention.schedulesOf(plan)
    const earlier = (await retention.runs(plan.application)).find(
      ({ run, domain }) => domain === plan.domain && run !== id && run.slice(2, 10) <= id.slice(2, 10),
    )
    const before = earlier && (await retention.run(earlier.run)).plan
    const ended = ['executed', 'verified', 'certified', 'cancelled', 'sent-back'].includes(status.state)
    const why = stopped.get(id)
    const obstacles = ended ? [] : await retention.obstacles(id)
    return presentRun(model, found, schedules, {
      before,
      obstacles: [...(why === undefined ? [] : [why]), ...obstacles],
      secondsLeft: working.get(id)?.secondsLeft,
    })
  }

  async function known(acting: Acting, id: string) {
    const { plan } = await retention.run(id)
    if (!mayKnow(acting, plan.application)) throw nothingHere()
    return plan
  }

  return {
    async list(acting: Acting, application?: string): Promise<RunSummary[]> {
      const runs = (await retention.runs(application)).filter((one) => mayKnow(acting, one.application))
      return Promise.all(
        runs.map(async (status) => {
          const { plan } = await retention.planned(status.run)
          const { secondsLeft } = working.get(status.run) ?? {}
          return presentSummary(await loadModel(plan.application), plan, {
            ...status,
            ...(secondsLeft !== undefined && { secondsLeft }),
          })
        }),
      )
    },

    read,

    async start(acting: Acting, { application, domain, asOf }: StartRun): Promise<RunDetails> {
      if (!acting.rights.mayEnter(application) || !(await templates.list()).includes(application)) throw nothingHere()
      if (!(await loadModel(application)).domains.some(({ name }) => name === domain))
        throw new ProblemError('invalid-input', `${application} has no domain ${domain}.`, {
          fields: { domain: 'There is no such domain.' },
        })
      // What is in doubt is told to whoever plans, as it is of a run.
      const plan = await retention.plan({ application, domain, asOf, by: acting.person }).catch((error: unknown) => {
        throw error instanceof OperatorError ? new ProblemError('out-of-order', error.message, { cause: error }) : error
      })
      return read(acting, plan.run)
    },

    async approve(acting: Acting, id: string, { hash, records }: ApproveRun): Promise<RunDetails> {
      await known(acting, id)
      await retention.approve(id, { hash, said: String(records), by: acting.person })
      return read(acting, id)
    },

    async sendBack(acting: Acting, id: string, reason: string): Promise<RunDetails> {
      await known(acting, id)
      const { hash } = await retention.planned(id)
      await retention.sendBack(id, { hash, said: reason, by: acting.person })
      return read(acting, id)
    },

    /** Begins, or goes on with, a run; it goes on after the answer. */
    async execute(acting: Acting, id: string): Promise<RunDetails> {
      await known(acting, id)
      const { state } = (await retention.run(id)).status
      if (!['approved', 'executing', 'paused', 'executed', 'verified'].includes(state))
        throw new ProblemError('out-of-order', `A run that is ${state} cannot be carried out.`)
      if (state === 'paused') await retention.resume(id, { by: acting.person, reason: 'Gone on with.' })
      const obstacles = await retention.obstacles(id)
      if (obstacles.length > 0) throw new ProblemError('out-of-order', obstacles.join(' '))
      await begin(acting, id)
      return read(acting, id)
    },

    async certificate(acting: Acting, id: string): Promise<CertificateView> {
      await known(acting, id)
      const { certificate, problems } = await retention.certificate(id)
      return {
        run: id,
        text: certificate.statement,
        signature: JSON.stringify(certificate.signature),
        verified: problems.length === 0,
        findings: problems,
      }
    },

    async pause(acting: Acting, id: string): Promise<RunDetails> {
      await known(acting, id)
      await retention.pause(id, { by: acting.person, reason: 'Paused on the page of the run.' })
      return read(acting, id)
    },

    async cancel(acting: Acting, id: string): Promise<RunDetails> {
      await known(acting, id)
      await retention.cancel(id, { by: acting.person, reason: 'Cancelled on the page of the run.' })
      // What was decided is finished, and the place for the next work given back.
      await begin(acting, id)
      return read(acting, id)
    },
  }

  async function begin(acting: Acting, id: string): Promise<void> {
    if (working.has(id)) return
    working.set(id, {})
    stopped.delete(id)
    await later(carryOut(acting, id))
  }

  async function carryOut(acting: Acting, id: string): Promise<void> {
    try {
      await retention.finish(id, {
        actor: actorOf(acting),
        progress: ({ leftMs }) => {
          working.set(id, leftMs === undefined ? {} : { secondsLeft: Math.round(leftMs / 1000) })
        },
      })
    } catch (err) {
      log.error({ err, run: id }, 'a destruction run stopped')
      stopped.set(
        id,
        err instanceof MunimentError ? err.message : 'It stopped by a fault of ours; the server log says which.',
      )
    } finally {
      working.delete(id)
    }
  }
}
