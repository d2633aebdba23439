import type { Statement } from '@muniment/archive/engine/port'
import { mergeReadings, type StatementReading } from '@muniment/archive/engine/reading'
import { TemplateError } from '@muniment/archive/errors'
import { bind } from './bind.ts'
import { conditionNames, sampleInputs } from './check/variants.ts'
import type { Templates } from './port.ts'
import type { OrderReadings, QueryReadings } from './readings.ts'
import { compileSql } from './sql/compile.ts'
import { alwaysGiven } from './sql/places.ts'
import type { SqlNode } from './sql/tree.ts'
import type { Query } from './types.ts'

/** Each way in which they can be given is read for itself: 1,024 take some ten seconds. */
const mostTied = 10

/** Reads one query. Throws TemplateError for SQL outside the dialect, and where too many conditions hang together. */
export async function readQuery(
  templates: Templates,
  query: Query,
  read: (statement: Statement) => Promise<StatementReading>,
): Promise<QueryReadings> {
  const nodes = compileSql(query)
  const names = new Set(conditionNames(nodes))
  const asked = query.parameters.filter((one) => !alwaysGiven(one) && names.has(one.name)).map(({ name }) => name)
  const always = query.parameters.filter(alwaysGiven).map(({ name }) => name)
  const knots = tiedNames(nodes)
  const tied = asked.filter((name) => knots.has(name))
  const free = asked.filter((name) => !knots.has(name))
  if (tied.length > mostTied)
    throw new TemplateError(
      `${query.files.sql}: ${tied.length} optional inputs hang together (conditions within conditions, else, not, and, or); ${mostTied} can at most.`,
    )
  const reading = (given: readonly string[], sort: string) => {
    const inputs = sampleInputs(query, new Set([...always, ...given]), templates.application)
    return read(bind(templates, query, inputs, sort === '' ? {} : { sort }))
  }

  async function ofOrder(sort: string): Promise<OrderReadings> {
    const states: OrderReadings = {}
    for (const given of subsetsOf(tied)) {
      const state: OrderReadings[string] = { alone: await reading(given, sort), with: {} }
      for (const name of free) state.with[name] = await reading([...given, name], sort)
      const together = mergeReadings(state.alone, ...Object.values(state.with))
      if (free.length > 1 && !same(together, mergeReadings(await reading([...given, ...free], sort))))
        throw new TemplateError(`${query.files.sql}: what it reads is not the sum of what its conditions add.`)
      states[given.join(' ')] = state
    }
    return states
  }

  const [first = '', ...others] = query.sorts.length > 0 ? query.sorts.map(({ name }) => name) : ['']
  const orders: QueryReadings['orders'] = { [first]: await ofOrder(first) }
  for (const sort of others) if (!(await readsAsBy(first, sort))) orders[sort] = await ofOrder(sort)
  return { tied, free, orders }

  /** An order matters only beside a LIMIT, with whatever inputs. */
  async function readsAsBy(first: string, sort: string): Promise<boolean> {
    for (const given of [[], asked]) if (!same(await reading(given, first), await reading(given, sort))) return false
    return true
  }
}

/** Names of conditions other than `if` around plain text, on one input, without else. */
const tiedNames = (nodes: SqlNode[]): Set<string> =>
  new Set(
    nodes.flatMap((node) => {
      if (node.kind !== 'if') return []
      const adds =
        node.condition.kind === 'given' && node.otherwise.length === 0 && node.then.every(({ kind }) => kind !== 'if')
      return adds ? [] : conditionNames([node])
    }),
  )

function* subsetsOf(names: readonly string[]): Generator<string[]> {
  for (let bits = 0; bits < 2 ** names.length; bits += 1)
    yield names.filter((_name, index) => Math.floor(bits / 2 ** index) % 2 === 1)
}

/** Object keys are written in one order by whoever makes them. */
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
