import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Execution, FailureKind, QueryEngine, ResultColumn, Row, Statement } from '@muniment/archive/engine/port'
import { NotFoundError } from '@muniment/archive/errors'

export type Answer =
  | { columns: ResultColumn[]; rows: Row[]; more?: boolean; catalogVersion?: string }
  | { fails: FailureKind; message: string; columns?: string[] }
  | 'never'
  | { throws: Error }

interface Held {
  execution: Execution
  rows: Row[]
  ended: Promise<void>
  end: (change: Partial<Execution>) => void
}

/** An engine whose answers a test decides: what no real engine does on request, such as hanging or failing in every way. */
export function memoryEngine(answer: (statement: Statement) => Answer) {
  const executions = new Map<string, Held>()
  const tokens = new Map<string, string>()
  const started: Statement[] = []
  const refreshed: string[] = []

  function hold(token: string): Held {
    const id = randomUUID()
    let done: () => void = () => undefined
    const ended = new Promise<void>((resolve) => {
      done = resolve
    })
    const execution: Execution = { id, state: 'RUNNING', statistics: { bytesScanned: 0, queueMs: 0, engineMs: 0 } }
    const held: Held = {
      execution,
      rows: [],
      ended,
      end: (change) => {
        if (execution.state === 'RUNNING') Object.assign(execution, change)
        done()
      },
    }
    executions.set(id, held)
    tokens.set(token, id)
    return held
  }

  function get(id: string): Held {
    const held = executions.get(id)
    if (!held) throw new NotFoundError('unknown execution')
    return held
  }

  function begin(statement: Statement, token: string, finish: (rows: Row[]) => Promise<void>): string {
    const known = tokens.get(token)
    if (known) return known
    started.push(statement)
    const told = answer(statement)
    if (typeof told === 'object' && 'throws' in told) throw told.throws
    const held = hold(token)
    if (told === 'never') return held.execution.id
    if ('fails' in told) {
      const { fails, message, columns } = told
      const error = { kind: fails, message, retryable: false, ...(columns && { columns }) }
      held.end({ state: 'FAILED', error })
      return held.execution.id
    }
    held.rows = told.rows
    const result = { columns: told.columns, rows: told.rows.length, more: told.more ?? false }
    const statistics = { bytesScanned: 1_000, queueMs: 1, engineMs: 2 }
    const { catalogVersion } = told
    const ended = { state: 'SUCCEEDED' as const, result, statistics, ...(catalogVersion && { catalogVersion }) }
    void finish(told.rows).then(() => held.end(ended))
    return held.execution.id
  }

  const engine: QueryEngine = {
    name: 'duckdb',
    start: async (statement, { token }) => begin(statement, token, async () => undefined),
    status: async (id) => structuredClone(get(id).execution),
    async wait(id, ms) {
      const held = get(id)
      let timer: NodeJS.Timeout | undefined
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, ms)
      })
      await Promise.race([held.ended, late])
      clearTimeout(timer)
      return structuredClone(held.execution)
    },
    async *rows(id) {
      yield get(id).rows
    },
    unload: async (statement, target, { token }) =>
      begin(statement, token, (rows) =>
        writeFile(
          join(target.folder, `result.${target.format}`),
          rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
        ),
      ),
    cancel: async (id) => get(id).end({ state: 'CANCELLED' }),
    prepare: async () => [],
    refresh: async (application) => {
      refreshed.push(application)
    },
    close: async () => undefined,
  }
  return { engine, started, refreshed, forget: () => executions.clear() }
}
