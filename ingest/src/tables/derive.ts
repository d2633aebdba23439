import { DuckDBScalarFunction, VARCHAR } from '@duckdb/node-api'
import { derivations } from '@muniment/archive/folding'
import type { Column, Table } from '@muniment/archive/model/types'
import type { Session } from './session.ts'
import { type Shape, typedRelation } from './shape.ts'
import { identifier } from './sql.ts'

/** Derived columns that are computed from the same input share one table of distinct inputs. */
export interface DerivedGroup {
  name: string
  from: Column[]
  columns: Column[]
}

/** Makes the functions of folding.ts callable from SQL, so that stored values and bound inputs come from one code. */
export function registerDerivations(session: Session) {
  for (const [name, derive] of Object.entries(derivations))
    session.connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name: `derive_${name}`,
        returnType: VARCHAR,
        parameterTypes: [VARCHAR],
        mainFunction(_info, input, output) {
          const values = input.getColumnVector(0)
          for (let row = 0; row < input.rowCount; row++) {
            const value = values.getItem(row)
            output.setItem(row, typeof value === 'string' ? derive(value) : null)
          }
          output.flush()
        },
      }),
    )
}

export function derivedGroups(table: Table): DerivedGroup[] {
  const groups = new Map<string, DerivedGroup>()
  for (const column of table.columns) {
    if (!column.derived) continue
    const key = column.derived.from.join(' ')
    const from = column.derived.from.flatMap((name) => table.columns.filter((other) => other.name === name))
    const group = groups.get(key) ?? { name: `derived_${groups.size}`, from, columns: [] }
    group.columns.push(column)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** What the functions are given: the columns' canonical texts with one space between, NULL where none has a value. */
export function derivationInput(group: DerivedGroup, value: (column: Column) => string): string {
  const texts = group.from.map((column) => `CAST(${value(column)} AS VARCHAR)`)
  if (texts.length === 1) return texts[0] ?? 'NULL'
  return `CASE WHEN coalesce(${texts.join(', ')}) IS NULL THEN NULL ELSE concat_ws(' ', ${texts.join(', ')}) END`
}

/** The distinct inputs of every group with how often each occurs, from one reading: `input, times` by group. */
async function distinctInputs(
  session: Session,
  shape: Shape,
  groups: DerivedGroup[],
  states: (name: string) => boolean,
) {
  const placeOf = (column: Column) => `v${shape.columns.find((source) => source.column === column)?.place}`
  const used = {
    ...shape,
    columns: shape.columns.filter(({ column }) => groups.some(({ from }) => from.includes(column))),
  }
  const relation = typedRelation(used, { states: ({ column }) => states(column.name) })
  const inputs = groups.map((group, index) => `${derivationInput(group, placeOf)} AS i${index}`)
  const names = groups.map((_, index) => `i${index}`)
  await session.run(
    `CREATE OR REPLACE TEMP TABLE derived_inputs AS SELECT grouping_id(${names.join(', ')}) AS absent, ${names.join(', ')},
       count(*) AS times FROM (SELECT ${inputs.join(', ')} FROM ${relation})
     GROUP BY GROUPING SETS (${names.map((name) => `(${name})`).join(', ')})`,
  )
  // The bits of a set are those of the columns that it leaves out, the last column's first.
  const everything = 2 ** groups.length - 1
  return (index: number) =>
    `(SELECT i${index} AS input, times FROM derived_inputs
      WHERE absent = ${everything - 2 ** (groups.length - 1 - index)} AND i${index} IS NOT NULL)`
}

/**
 * Computes each distinct input once into a table `input, <column>...`; gives, per column, the checksum that the pairs of
 * input and derived value must have in the archive.
 */
export async function deriveColumns(
  session: Session,
  shape: Shape,
  groups: DerivedGroup[],
  states: (name: string) => boolean,
) {
  const expected: Record<string, string> = {}
  if (groups.length === 0) return expected
  const inputsOf = await distinctInputs(session, shape, groups, states)
  for (const [index, group] of groups.entries()) {
    const functions = group.columns.map(
      ({ name, derived }) => `derive_${derived?.function ?? 'fold'}(input) AS ${identifier(name)}`,
    )
    await session.run(
      `CREATE OR REPLACE TEMP TABLE ${group.name} AS SELECT input, times, ${functions.join(', ')} FROM ${inputsOf(index)}`,
    )
    const sums = group.columns.map(({ name }, place) => {
      const pair = `hash(input, ${identifier(name)})`
      return `CAST(sum(CAST(${pair} AS HUGEINT) * times) AS VARCHAR) AS d${place}`
    })
    const row = await session.row(`SELECT ${sums.join(', ')} FROM ${group.name}`)
    for (const [place, { name }] of group.columns.entries()) expected[name] = row[`d${place}`] ?? '0'
  }
  await session.run('DROP TABLE derived_inputs')
  return expected
}

/** Aggregates that give the same checksums from the archive, by the derived column's name. */
export function derivedAggregates(groups: DerivedGroup[]): { name: string; sql: string }[] {
  return groups.flatMap((group) => {
    const input = derivationInput(group, ({ name }) => identifier(name))
    return group.columns.map(({ name }) => {
      const derived = identifier(name)
      const present = `${input} IS NOT NULL OR ${derived} IS NOT NULL`
      return { name, sql: `CAST(sum(hash(${input}, ${derived})) FILTER (${present}) AS VARCHAR)` }
    })
  })
}
