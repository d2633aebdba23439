/** A checked SQL template: text, places for values, the place for the order, and conditions on presence. Nothing else can be said. */

export type Condition =
  | { kind: 'given'; name: string }
  | { kind: 'not'; of: Condition }
  | { kind: 'and' | 'or'; left: Condition; right: Condition }

/** `line` and `column` count from 1 and are the template's. */
export type SqlNode =
  | { kind: 'text'; text: string; line: number; column: number }
  | { kind: 'value'; name: string; line: number; column: number }
  | { kind: 'sort'; line: number; column: number }
  | { kind: 'if'; condition: Condition; then: SqlNode[]; otherwise: SqlNode[]; line: number; column: number }

/** Name under which the declared order is put into the SQL; no parameter may be called so. */
export const SORT = 'sort'

export function holds(condition: Condition, given: ReadonlySet<string>): boolean {
  switch (condition.kind) {
    case 'given':
      return given.has(condition.name)
    case 'not':
      return !holds(condition.of, given)
    case 'and':
      return holds(condition.left, given) && holds(condition.right, given)
    case 'or':
      return holds(condition.left, given) || holds(condition.right, given)
  }
}

/** Names that are surely given where the condition came out as `outcome`. */
export function surelyGiven(condition: Condition, outcome: boolean): Set<string> {
  switch (condition.kind) {
    case 'given':
      return new Set(outcome ? [condition.name] : [])
    case 'not':
      return surelyGiven(condition.of, !outcome)
    case 'and':
    case 'or': {
      const left = surelyGiven(condition.left, outcome)
      const right = surelyGiven(condition.right, outcome)
      const both = (condition.kind === 'and') === outcome
      return new Set(both ? [...left, ...right] : [...left].filter((name) => right.has(name)))
    }
  }
}

export function namesIn(condition: Condition): string[] {
  if (condition.kind === 'given') return [condition.name]
  if (condition.kind === 'not') return namesIn(condition.of)
  return [...namesIn(condition.left), ...namesIn(condition.right)]
}
