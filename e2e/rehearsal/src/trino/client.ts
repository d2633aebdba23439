import { setTimeout as sleep } from 'node:timers/promises'
import { TrinoError } from './errors.ts'
import { parseWithNumbersAsText } from './numbers-as-text.ts'

/** A value as Trino writes it to JSON, numbers as text; arrays and rows are arrays, maps are objects. */
export type TrinoValue = string | boolean | null | TrinoValue[] | { [key: string]: TrinoValue }

export interface TypeSignature {
  readonly rawType: string
  readonly arguments: readonly { readonly kind: string; readonly value: unknown }[]
}

export interface TrinoColumn {
  readonly name: string
  /** `varchar`, `decimal(12,2)`, `array(integer)` ... */
  readonly type: string
  readonly typeSignature: TypeSignature
}

export interface TrinoStats {
  readonly state: string
  readonly physicalInputBytes: number
  readonly processedRows: number
  readonly elapsedMs: number
  readonly queuedMs: number
  readonly planningMs: number
}

export interface TrinoRequest {
  readonly sql: string
  readonly schema?: string
  readonly catalog?: string
  readonly session?: Record<string, string>
  readonly signal?: AbortSignal
  /** Called once, before the first rows; also for a result without rows. */
  readonly onColumns?: (columns: readonly TrinoColumn[]) => void
  readonly onRows?: (rows: readonly TrinoValue[][]) => Promise<void>
  readonly onProgress?: (stats: TrinoStats) => void
}

export interface TrinoOutcome {
  readonly stats: TrinoStats
  /** Rows written, for statements that write. */
  readonly updateCount?: number
}

interface Reply {
  readonly nextUri?: string
  readonly columns?: TrinoColumn[]
  readonly data?: TrinoValue[][]
  readonly stats: Record<string, string>
  readonly error?: { message: string; errorName: string; errorType: string }
  readonly updateCount?: string
}

/**
 * Runs one statement to its end over Trino's HTTP protocol, page by page. Aborting cancels it in the engine too.
 * Throws TrinoError where the engine refuses or fails.
 */
export async function runTrino(endpoint: string, request: TrinoRequest): Promise<TrinoOutcome> {
  let reply = await call(`${endpoint}/v1/statement`, { method: 'POST', headers: headersOf(request), body: request.sql })
  let told = false
  for (;;) {
    if (reply.error) throw new TrinoError(reply.error.errorName, reply.error.errorType, reply.error.message)
    const stats = statsOf(reply.stats)
    try {
      request.onProgress?.(stats)
      if (reply.columns && !told) request.onColumns?.(reply.columns)
      told ||= reply.columns !== undefined
      if (reply.data?.length) await request.onRows?.(reply.data)
      request.signal?.throwIfAborted()
    } catch (error) {
      if (reply.nextUri) await fetch(reply.nextUri, { method: 'DELETE' }).catch(() => undefined)
      throw error
    }
    if (!reply.nextUri) {
      return { stats, ...(reply.updateCount === undefined ? {} : { updateCount: Number(reply.updateCount) }) }
    }
    reply = await call(reply.nextUri, { method: 'GET' })
  }
}

/** Athena knows timestamps to the millisecond, as Trino tells whoever doesn't announce that he knows more. */
function headersOf({ schema, catalog, session }: TrinoRequest): Record<string, string> {
  return {
    'X-Trino-User': 'athena',
    'X-Trino-Source': 'athena',
    'X-Trino-Time-Zone': 'UTC',
    ...(catalog ? { 'X-Trino-Catalog': catalog } : {}),
    ...(schema ? { 'X-Trino-Schema': schema } : {}),
    ...(session
      ? {
          'X-Trino-Session': Object.entries(session)
            .map(([name, value]) => `${name}=${value}`)
            .join(','),
        }
      : {}),
  }
}

async function call(address: string, init: RequestInit): Promise<Reply> {
  for (let attempt = 0; ; attempt++) {
    const response = await fetch(address, init)
    if (response.ok) return parseWithNumbersAsText(await response.text()) as Reply
    const text = await response.text()
    if (![502, 503, 504].includes(response.status) || attempt === 20) {
      throw new TrinoError('GENERIC_INTERNAL_ERROR', 'INTERNAL_ERROR', `Trino answered ${response.status}: ${text}`)
    }
    await sleep(50 * (attempt + 1))
  }
}

const statsOf = (stats: Record<string, string>): TrinoStats => ({
  state: stats.state ?? '',
  physicalInputBytes: Number(stats.physicalInputBytes ?? 0),
  processedRows: Number(stats.processedRows ?? 0),
  elapsedMs: Number(stats.elapsedTimeMillis ?? 0),
  queuedMs: Number(stats.queuedTimeMillis ?? 0),
  planningMs: Number(stats.planningTimeMillis ?? 0),
})
