import { ok, strictEqual } from 'node:assert'
import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Search } from '@muniment/api/contract'
import { purpose } from './api.ts'
import { APPLICATION, ENVIRONMENT } from './environment.ts'
import type { Rehearsal } from './state.ts'

const lookup = { useCase: 'find-policy', inputs: { policy_number: '100000157' } }
const file = { useCase: 'claim-file', inputs: { claim_number: 'S10000002001' } }
const lead = 'ingrid.solberg'

/** What goes wrong in AWS, provoked. */
export async function rehearseFailures({ report, standIns, api, people }: Rehearsal): Promise<void> {
  const provoke = async (fault: object) => {
    const answer = await fetch(`${standIns.athena}/_rehearsal/faults`, { method: 'POST', body: JSON.stringify(fault) })
    if (!answer.ok) throw new Error(`The fault was refused: ${await answer.text()}`)
  }
  const left = async () => await (await fetch(`${standIns.athena}/_rehearsal/faults`)).text()
  const forget = async () => void (await fetch(`${standIns.athena}/_rehearsal/faults`, { method: 'DELETE' }))
  const step = (name: string, act: () => Promise<string | undefined>) =>
    report.step(name, async () => {
      try {
        return await act()
      } finally {
        await forget()
      }
    })
  const only = ({ panels: [panel] }: Search) => {
    if (!panel) throw new Error('The search has no panel.')
    return panel
  }

  await step('Athena throttles: the search waits in line and is answered', async () => {
    await provoke({ kind: 'refuse', operation: 'StartQueryExecution', times: 3 })
    const { state } = only(await api.search(await people.token(lead), lookup))
    strictEqual(state, 'done')
    ok(!(await left()).includes('StartQueryExecution'), 'All three refusals were met.')
    return undefined
  })

  await step('A reply of Athena is lost: the query is started once', async () => {
    await provoke({ kind: 'loseReply', operation: 'StartQueryExecution' })
    strictEqual(only(await api.search(await people.token(lead), lookup)).state, 'done')
    return undefined
  })

  await step('An object is replaced under a query: it is run again', async () => {
    const error = { ErrorCategory: 2, ErrorType: 1001, Retryable: true }
    await provoke({ kind: 'fail', reason: 'HIVE_CURSOR_ERROR: Failed to read Parquet file', error })
    strictEqual(only(await api.search(await people.token(lead), lookup)).state, 'done')
    return undefined
  })

  await step('A query fails: its panel says so, and shows nothing of the engine', async () => {
    const error = { ErrorCategory: 1, ErrorType: 200, Retryable: false }
    await provoke({ kind: 'fail', reason: 'GENERIC_INTERNAL_ERROR: secret of the engine', error, times: 10 })
    const panel = only(await api.search(await people.token(lead), lookup))
    strictEqual(panel.state, 'failed')
    ok(panel.problem && !JSON.stringify(panel).includes('secret of the engine'), JSON.stringify(panel.problem))
    return panel.problem.detail ?? panel.problem.title
  })

  await step('A query is cut off by its bytes: its panel says so', async () => {
    await provoke({ kind: 'scan', bytes: 20_000_000_000, times: 10 })
    const panel = only(await api.search(await people.token(lead), lookup))
    strictEqual(panel.state, 'failed', JSON.stringify(panel))
    return panel.problem?.detail ?? panel.problem?.title
  })

  await step('The API function is killed in the middle of a search: another carries it to its end', async () => {
    await provoke({ kind: 'delay', runningMs: 4_000, times: 20 })
    const body = { application: APPLICATION, ...file, purpose }
    const begun = await api.ask('POST', '/api/searches', { token: await people.token(lead), body })
    ok(begun.status === 202 || begun.status === 200, begun.body)
    const { id } = JSON.parse(begun.body) as Search
    const killed = killWorkers('api')
    ok(killed > 0, 'There was a process to kill.')
    const until = Date.now() + 240_000
    let answered = false
    for (;;) {
      const { status, body: text } = await api.ask('GET', `/api/searches/${id}`, { token: await people.token(lead) })
      // Whoever asked first after the end is told of it; browsers ask again.
      if (status === 502 && !answered && Date.now() < until) {
        await sleep(500)
        continue
      }
      strictEqual(status, 200, text)
      answered = true
      const { state, panels } = JSON.parse(text) as Search
      if (state === 'done') return `${panels.length} panels, by another process`
      ok(state === 'queued' || state === 'running', `The search is ${state}: ${text.slice(0, 1_500)}`)
      ok(Date.now() < until, `It is ${state} still: ${panels.map((panel) => panel.state)}`)
      await sleep(1_000)
    }
  })
}

/** Ends the processes that play a function here: those whose working folder MiniStack made for it. */
function killWorkers(name: string): number {
  const folder = `ministack-lambda-muniment-${ENVIRONMENT}-${name}-`
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n')
  const found = lines.filter((line) => line.includes(folder) && line.includes('_worker'))
  for (const line of found) process.kill(Number.parseInt(line, 10), 'SIGKILL')
  return found.length
}
