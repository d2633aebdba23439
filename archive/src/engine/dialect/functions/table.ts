import { aggregates, windows } from './aggregates.ts'
import type { AllowedFunction } from './kinds.ts'
import { moments } from './moments.ts'
import { numbers } from './numbers.ts'
import { patterns } from './patterns.ts'
import { texts } from './texts.ts'

/** Every function that a query may call. */
export const allowedFunctions: AllowedFunction[] = [
  ...texts,
  ...patterns,
  ...moments,
  ...numbers,
  ...aggregates,
  ...windows,
]

const byName = new Map(allowedFunctions.map((row) => [row.name, row]))
export const allowedFunction = (name: string) => byName.get(name)
