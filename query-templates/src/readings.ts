import { mergeReadings, type StatementReading } from '@muniment/archive/engine/reading'
import type { Query } from './types.ts'

/**
 * What each query reads, in each of the ways in which its SQL can come out: published beside the templates, for engines that cannot
 * tell themselves.
 */
export interface QueryReadings {
  /** Names of inputs that may be missing, in order: those whose conditions hang together, and those that only add when they are given. */
  tied: string[]
  free: string[]
  /** By declared order, '' where the query has none. One that reads the same as the first is left out. */
  orders: Record<string, OrderReadings>
}

/** By the tied names given, joined by blanks: what is read with those alone, and with one free name more. */
export type OrderReadings = Record<string, { alone: StatementReading; with: Record<string, StatementReading> }>

/** Undefined where the readings are of another version of the query. */
export function readingOf(
  readings: QueryReadings,
  query: Query,
  given: ReadonlySet<string>,
  sort: string | undefined,
): StatementReading | undefined {
  const first = query.sorts[0]?.name ?? ''
  const order = readings.orders[sort ?? first] ?? readings.orders[first]
  const state = order?.[readings.tied.filter((name) => given.has(name)).join(' ')]
  const parts = readings.free.filter((name) => given.has(name)).map((name) => state?.with[name])
  if (!state || parts.some((part) => part === undefined)) return undefined
  return mergeReadings(state.alone, ...parts.filter((part) => part !== undefined))
}
