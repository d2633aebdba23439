import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from '../../src/athena/engine.ts'
import type { TrinoColumn, TrinoStats, TrinoValue } from '../../src/trino/client.ts'
import { TrinoError } from '../../src/trino/errors.ts'

export interface Answer {
  readonly columns?: readonly TrinoColumn[]
  readonly pages?: readonly TrinoValue[][][]
  readonly bytes?: number
  readonly ms?: number
  readonly error?: TrinoError
}

export const column = (name: string, rawType = 'varchar'): TrinoColumn => ({
  name,
  type: rawType,
  typeSignature: { rawType, arguments: [] },
})

const stats = (physicalInputBytes: number): TrinoStats => ({
  state: 'RUNNING',
  physicalInputBytes,
  processedRows: 0,
  elapsedMs: 0,
  queuedMs: 0,
  planningMs: 0,
})

/** An engine that gives prepared answers to statements and remembers what it was asked, PREPARE aside. */
export function createFakeEngine(answerOf: (sql: string) => Answer = () => ({})) {
  const asked: string[] = []
  const engine: Engine = async ({ sql, signal, onColumns, onRows, onProgress }) => {
    if (sql.startsWith('PREPARE ')) {
      // As long as it takes for two starts to overlap.
      await sleep(5)
      if (sql.includes('SELEKT'))
        throw new TrinoError('SYNTAX_ERROR', 'USER_ERROR', "line 1:29: mismatched input 'SELEKT'")
      return { stats: stats(0) }
    }
    asked.push(sql)
    const { columns = [column('a')], pages = [], bytes = 0, ms = 0, error } = answerOf(sql)
    await sleep(ms, undefined, signal ? { signal } : {})
    if (error) throw error
    onProgress?.(stats(bytes))
    onColumns?.(columns)
    for (const page of pages) await onRows?.(page)
    return { stats: stats(bytes) }
  }
  return { engine, asked }
}
