import type { Context, Typed } from '../context.ts'
import { call, type Node } from '../syntax.ts'
import { isMoment, isNumber, isOpen, isWhole, nameOf, type Type } from '../types.ts'

export interface Call {
  name: string
  node: Node
  args: Typed[]
  context: Context
}

/** A function that a query may call, with the reason why its answer is Athena's. The docs page is made from these. */
export interface AllowedFunction {
  name: string
  kind: 'text' | 'date and time' | 'number' | 'logic' | 'array' | 'aggregate' | 'window'
  /** As authors write it, with what it gives. */
  signature: string
  least: number
  most: number
  /** How it is made equal: DuckDB's own function answers the same, or it is put together from others. */
  because: string
  apply(call: Call): Typed
}

export type Wanted =
  | 'varchar'
  | 'whole'
  | 'number'
  | 'moment'
  | 'date'
  | 'timestamp'
  | 'boolean'
  | 'array'
  | 'double'
  | 'any'

const fits: Record<Wanted, (type: Type) => boolean> = {
  varchar: (type) => type.name === 'varchar',
  whole: isWhole,
  number: isNumber,
  moment: isMoment,
  date: (type) => type.name === 'date',
  timestamp: isMoment,
  boolean: (type) => type.name === 'boolean',
  array: (type) => type.name === 'array',
  double: isNumber,
  any: () => true,
}

const words: Record<Wanted, string> = {
  varchar: 'a varchar',
  whole: 'an integer or bigint',
  number: 'a number',
  moment: 'a date or timestamp',
  date: 'a date',
  timestamp: 'a timestamp or date',
  boolean: 'a boolean',
  array: 'an array',
  double: 'a number',
  any: 'a value',
}

/** Whether the argument is of a type that Athena takes there; says so where it is not. */
export function expect(made: Call, index: number, wanted: Wanted): boolean {
  const argument = made.args[index]
  if (!argument || isOpen(argument.type) || fits[wanted](argument.type)) return true
  const hint =
    wanted === 'varchar' && argument.type.name !== 'array'
      ? 'Write CAST(... AS varchar); Athena does not convert by itself.'
      : undefined
  made.context.refuse(
    argument.node,
    `${made.name} takes ${words[wanted]} here, and this is ${nameOf(argument.type)}.`,
    hint,
  )
  return false
}

/** A function that DuckDB answers as Athena does, under its own or another name, or by a macro of ours. */
export function plain(
  kind: AllowedFunction['kind'],
  name: string,
  takes: Wanted[],
  gives: Type | ((args: Typed[]) => Type),
  options: { because: string; to?: string; least?: number; signature?: string },
): AllowedFunction {
  const result = typeof gives === 'function' ? undefined : nameOf(gives)
  return {
    name,
    kind,
    least: options.least ?? takes.length,
    most: takes.length,
    signature:
      options.signature ??
      `${name}(${takes.map((wanted) => (wanted === 'any' ? 'x' : wanted)).join(', ')})${result ? ` → ${result}` : ''}`,
    because: options.because,
    apply(made) {
      takes.forEach((wanted, index) => {
        expect(made, index, wanted)
      })
      const node = call(options.to ?? name, ...made.args.map((argument) => argument.node))
      return { node, type: typeof gives === 'function' ? gives(made.args) : gives }
    },
  }
}

/** A function put together here. */
export function special(
  kind: AllowedFunction['kind'],
  name: string,
  arity: [number, number],
  signature: string,
  because: string,
  apply: (made: Call) => Typed,
): AllowedFunction {
  return { name, kind, least: arity[0], most: arity[1], signature, because, apply }
}

/** The written-out text of an argument; says so where it is something else. */
export function literalText(made: Call, index: number, what: string): string | undefined {
  const value = made.args[index]?.constant
  if (typeof value === 'string') return value
  made.context.refuse(made.args[index]?.node, `${made.name} needs ${what} written out here, not computed.`)
  return undefined
}

export function literalNumber(made: Call, index: number, what: string): number | undefined {
  const value = made.args[index]?.constant
  if (typeof value === 'number') return value
  made.context.refuse(made.args[index]?.node, `${made.name} needs ${what} written out here, not computed.`)
  return undefined
}
