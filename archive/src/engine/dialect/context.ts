import type { ColumnType } from '../../model/types.ts'
import type { Node } from './syntax.ts'
import { type Type, unknown } from './types.ts'

export interface DialectFinding {
  line?: number
  column?: number
  message: string
  /** What was probably meant. */
  hint?: string
}

/** A table as the check knows it. */
export interface KnownTable {
  name: string
  columns: { name: string; type: ColumnType }[]
  partitioned: boolean
}

/** An expression that was looked at: the tree to run, its type in Athena, and its value where it is written out. */
export interface Typed {
  node: Node
  type: Type
  constant?: string | number
  /** `table.column`, of a name that stands for nothing but it. */
  from?: string
}

/** Of which columns of tables, `table.column`, a value is made. */
export interface Lineage {
  of: ReadonlySet<string>
  /** Where it is nothing but one of them. */
  from?: string
}

/** What is known while one statement is looked at, and what was found wrong. */
export class Context {
  readonly findings: DialectFinding[] = []
  readonly tables: Map<string, KnownTable>
  readonly absent: Set<string>
  readonly parameters: (ColumnType | undefined)[]
  /** Table to the columns that are named of it. */
  readonly used = new Map<string, Set<string>>()
  /** Schema of the views that tables stand for. */
  readonly schema: string
  /** `table.column` of what decides which rows or groups there are, in any part of the statement. */
  readonly chosenBy = new Set<string>()
  /** What each name that was resolved is made of, in the order in which they were met. */
  readonly #resolved: ReadonlySet<string>[] = []
  readonly #text: Buffer
  /** How many queries around have a LIMIT: an order decides which rows it leaves. */
  #cut = 0
  #place: Node | undefined

  constructor(
    sql: string,
    options: { tables: KnownTable[]; absent?: string[]; parameters?: (ColumnType | undefined)[]; schema?: string },
  ) {
    this.schema = options.schema ?? 'main'
    this.#text = Buffer.from(sql)
    this.tables = new Map(options.tables.map((table) => [table.name, table]))
    this.absent = new Set(options.absent ?? [])
    this.parameters = options.parameters ?? []
  }

  /** Notes what is wrong at `node`; what comes back can stand in for it while the rest is looked at. */
  refuse(node: Node | undefined, message: string, hint?: string): Typed {
    this.findings.push({ ...this.#position(node), message, ...(hint === undefined ? {} : { hint }) })
    return { node: node ?? {}, type: unknown }
  }

  /** Notes that a name was resolved, and of what the value it stands for is made. */
  resolved(lineage: Lineage) {
    this.#resolved.push(lineage.of)
  }

  /** What `work` looks at is made of: every name that it resolves counts, wherever it stands in it, subqueries included. */
  madeOf<Result>(work: () => Result): [Result, Set<string>] {
    const first = this.#resolved.length
    const result = work()
    return [result, new Set(this.#resolved.slice(first).flatMap((of) => [...of]))]
  }

  /** What decides which rows or groups there are. */
  choosing<Result>(work: () => Result): Result {
    const [result, of] = this.madeOf(work)
    this.chooses({ of })
    return result
  }

  chooses({ of }: Pick<Lineage, 'of'>) {
    for (const column of of) this.chosenBy.add(column)
  }

  /** What orders rows; it chooses them where a LIMIT is here or around. */
  ordering<Result>(work: () => Result): Result {
    return this.#cut > 0 ? this.choosing(work) : work()
  }

  /** Looks at a query that cuts off rows, or at one that does not. */
  cutting<Result>(cuts: boolean, work: () => Result): Result {
    this.#cut += Number(cuts)
    const result = work()
    this.#cut -= Number(cuts)
    return result
  }

  /** Findings in nodes that carry no place of their own are told at the place of the last one around them that does. */
  within<Result>(node: Node, work: () => Result): Result {
    const before = this.#place
    if (offsetOf(node) !== undefined) this.#place = node
    const result = work()
    this.#place = before
    return result
  }

  #position(node: Node | undefined): { line?: number; column?: number } {
    const offset = offsetOf(node) ?? offsetOf(this.#place)
    return offset === undefined ? {} : positionOf(this.#text, offset)
  }
}

function offsetOf(node: Node | undefined): number | undefined {
  const at = node?.query_location
  return typeof at === 'number' && at > 0 ? at : undefined
}

/** Line and column, from 1, of a byte offset. */
export function positionOf(text: Buffer, offset: number): { line: number; column: number } {
  const lines = text.subarray(0, Math.min(offset, text.length)).toString().split('\n')
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}
