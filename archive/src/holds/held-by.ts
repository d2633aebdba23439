import { OperatorError } from '../errors.ts'
import type { ObjectStore } from '../store/port.ts'
import { keyText, parseClosure, readClosure } from './closures.ts'
import { readRegister } from './register.ts'
import type { Closure, HoldRegister, RecordKey } from './types.ts'

/** What is held, by the register as it was when this was made. */
export interface HeldCheck {
  register: { version: number; sha256: string }
  /**
   * Ids of the standing holds that protect a row, by itself or by the record that it belongs to, in the order in which they were placed; none:
   * nothing holds it.
   */
  covers(table: string, key: RecordKey, record: { table: string; key: RecordKey }): string[]
  /** Ids of the standing holds that protect all of a table, whatever is in it. */
  coversTable(table: string): string[]
}

/** Milliseconds by which clocks of several machines may differ. */
const SKEW = 5 * 60_000

/** A closure, for looking up. */
type Protected = ReadonlyMap<string, 'all' | ReadonlySet<string>>

interface Known {
  closure: Closure
  tables: Protected
}

/** Whether one of these closures protects a row, by itself or by the record that it belongs to. */
export function protects(closures: readonly Closure[]): (...row: Parameters<HeldCheck['covers']>) => boolean {
  const folded = closures.map((closure) => fold(closure).tables)
  return (table, key, record) => {
    const [own, of] = [textOf(key), textOf(record.key)]
    return folded.some((tables) => has(tables, table, own) || has(tables, record.table, of))
  }
}

function has(tables: Protected, table: string, text: string): boolean {
  const keys = tables.get(table)
  return keys === 'all' || (keys?.has(text) ?? false)
}

function textOf(key: RecordKey): string {
  // A key that is none would be found nowhere, and so held by nothing.
  if (!Array.isArray(key) || key.length === 0 || key.some((part) => typeof part !== 'string'))
    throw new OperatorError('A row without a key was asked about; whether it is held cannot be said.')
  return keyText(key)
}

/** Closures as they were parsed, by the hash that their bytes had when they were read last. */
const known = new WeakMap<ObjectStore, Map<string, Known>>()

function fold(closure: Closure): Known {
  const tables = new Map<string, 'all' | ReadonlySet<string>>()
  for (const [table, keys] of Object.entries(closure.tables))
    tables.set(table, keys === 'all' ? 'all' : new Set(keys.map(keyText)))
  return { closure, tables }
}

function mustBePast(what: string, moment: string, now: Date): void {
  if (Date.parse(moment) <= now.getTime() + SKEW) return
  throw new OperatorError(
    `${what} at ${moment}, and the clock of this machine says ${now.toISOString()}. Nothing is destroyed until the operator has set it right.`,
  )
}

function plausible(register: HoldRegister, now: Date): void {
  if (Number.isNaN(now.getTime())) throw new OperatorError('The clock of this machine gives no time.')
  for (const { id, placed, released } of register.holds) {
    mustBePast(`The hold ${id} was placed`, placed, now)
    if (released !== undefined) mustBePast(`The hold ${id} was released`, released, now)
  }
}

/**
 * Reads the register, and what the standing holds of an application protect, each by its hash. Whoever decides about destruction makes a
 * new one just before. Throws where anything is missing, malformed, altered, older than what was in force, or from the future.
 */
export async function heldBy(
  store: ObjectStore,
  application: string,
  clock: () => Date = () => new Date(),
): Promise<HeldCheck> {
  const { register, sha256 } = await readRegister(store)
  plausible(register, clock())
  const before = known.get(store)
  const now = new Map<string, Known>()
  const standing: { id: string; closures: Protected[] }[] = []
  for (const hold of register.holds) {
    if (hold.state !== 'standing' || hold.application !== application) continue
    const closures: Protected[] = []
    for (const named of hold.closures) {
      const parsed = (hash: string, body: Buffer) => {
        const folded = before?.get(hash) ?? fold(parseClosure(body))
        now.set(hash, folded)
        return folded.closure
      }
      await readClosure(store, hold, named, parsed)
      const folded = now.get(named.sha256)
      if (!folded) throw new OperatorError(`What the hold ${hold.id} protects could not be read.`)
      closures.push(folded.tables)
    }
    standing.push({ id: hold.id, closures })
  }
  known.set(store, now)

  const holding = (holds: (tables: Protected) => boolean) =>
    standing.flatMap(({ id, closures }) => (closures.some(holds) ? [id] : []))
  return {
    register: { version: register.version, sha256 },
    covers(table, key, record) {
      const [own, of] = [textOf(key), textOf(record.key)]
      return holding((tables) => has(tables, table, own) || has(tables, record.table, of))
    },
    coversTable: (table) => holding((tables) => tables.get(table) === 'all'),
  }
}
