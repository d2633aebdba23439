import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type {
  Execution,
  FailureKind,
  QueryEngine,
  ResultColumn,
  Row,
  Statement,
  UnloadTarget,
} from '@muniment/archive/engine/port'
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

  /** `most`: more rows than that are none. */
  function begin(
    statement: Statement,
    token: string,
    finish: (told: { columns: ResultColumn[]; rows: Row[] }) => Promise<number | undefined>,
    most = Number.POSITIVE_INFINITY,
  ): string {
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
    const tooMany = told.rows.length > most
    held.rows = tooMany ? [] : told.rows
    const result = { columns: told.columns, rows: held.rows.length, more: tooMany || (told.more ?? false) }
    const statistics = { bytesScanned: 1_000, queueMs: 1, engineMs: 2 }
    const { catalogVersion } = told
    const ended = { state: 'SUCCEEDED' as const, result, statistics, ...(catalogVersion && { catalogVersion }) }
    const finished = tooMany ? Promise.resolve(undefined) : finish(told)
    void finished.then((keys) => held.end({ ...ended, result: { ...result, ...(keys !== undefined && { keys }) } }))
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
    unload: async (statement, target, { token, rowLimit }) =>
      begin(
        statement,
        token,
        async ({ columns, rows }) => {
          const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
          await writeFile(join(target.folder, `result.${target.format}`), text)
          const keys = keysOf(target, columns, rows)
          if (keys.length > 0)
            await writeFile(join(target.folder, 'keys.jsonl'), keys.map((key) => `${key}\n`).join(''))
          return keys.length
        },
        rowLimit,
      ),
    cancel: async (id) => get(id).end({ state: 'CANCELLED' }),
    async prepare(statement) {
      const told = answer(statement)
      return typeof told === 'object' && 'rows' in told ? told.columns : []
    },
    refresh: async (application) => {
      refreshed.push(application)
    },
    close: async () => undefined,
  }
  return { engine, started, refreshed, forget: () => executions.clear() }
}

function keysOf({ keys = [] }: UnloadTarget, columns: ResultColumn[], rows: Row[]): string[] {
  const places = (names: string[]) => names.map((name) => columns.findIndex((column) => column.name === name))
  const all = keys.flatMap((groups, t) =>
    groups.map(places).flatMap((group) =>
      rows.flatMap((row) => {
        const k = group.map((place) => row[place])
        return k.includes(null) ? [] : [JSON.stringify({ t, k })]
      }),
    ),
  )
  return [...new Set(all)]
}
