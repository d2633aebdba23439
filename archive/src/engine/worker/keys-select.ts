import type { ResultColumn } from '../port.ts'
import { identifier } from '../sql-text.ts'
import { Refused } from './failures.ts'
import { written } from './output-columns.ts'

/** The distinct keys of each place (see `UnloadTarget.keys`) as columns `t` and `k`, from a relation that holds the rows. */
export function keysSelect(places: readonly ResultColumn[][][], relation: string): string {
  return places
    .map((groups, place) => {
      const [first = []] = groups
      const names = first.map((_, index) => `k${index}`)
      if (names.length === 0 || groups.some((group) => group.length !== names.length))
        throw new Refused('The columns of a key are not as many as those of the others of its kind.')
      const keys = groups.map((group) => keysOf(group, relation))
      // Of one group it is the values that are told apart, which is less work than telling their texts apart.
      const all = keys.length === 1 ? keys[0] : keys.join(' UNION ')
      return `SELECT ${place} AS t, [${names.join(', ')}] AS k FROM (${all})`
    })
    .join(' UNION ALL ')
}

function keysOf(columns: ResultColumn[], relation: string): string {
  const values = columns.map(({ name }) => identifier(name))
  const texts = columns.map((column, index) => `${textOf(column, `v${index}`)} AS k${index}`)
  const distinct = values.map((value, index) => `${value} AS v${index}`)
  const present = values.map((value) => `${value} IS NOT NULL`)
  return `SELECT ${texts.join(', ')} FROM (SELECT DISTINCT ${distinct.join(', ')} FROM ${relation} WHERE ${present.join(' AND ')})`
}

/** Canonical text, the same as in a page's rows. */
function textOf({ name, type }: ResultColumn, value: string): string {
  if (type === 'double') throw new Refused(`The column "${name}" is a double, by which nothing can be named.`)
  return `CAST(${written(value, type, 'json')} AS VARCHAR)`
}
