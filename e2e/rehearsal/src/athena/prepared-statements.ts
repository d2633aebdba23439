import { invalid, notFound } from './errors.ts'

export interface Prepared {
  readonly name: string
  readonly sql: string
  readonly description?: string
  readonly modified: Date
}

export interface PreparedStatements {
  put(workGroup: string, name: string, sql: string, description?: string): void
  create(workGroup: string, name: string, sql: string, description?: string): void
  find(workGroup: string, name: string): Prepared
  list(workGroup: string): Prepared[]
  remove(workGroup: string, name: string): void
}

/** Statements kept by name, a workgroup each. */
export function createPreparedStatements(now: () => number): PreparedStatements {
  const groups = new Map<string, Map<string, Prepared>>()
  const of = (workGroup: string) => {
    const found = groups.get(workGroup) ?? new Map<string, Prepared>()
    groups.set(workGroup, found)
    return found
  }
  const put = (workGroup: string, name: string, sql: string, description?: string) => {
    if (!/^[a-zA-Z_][a-zA-Z0-9_@:]{0,255}$/.test(name)) throw invalid(`Prepared statement name ${name} is not valid`)
    of(workGroup).set(name, {
      name,
      sql,
      modified: new Date(now()),
      ...(description === undefined ? {} : { description }),
    })
  }
  const find = (workGroup: string, name: string) => {
    const found = of(workGroup).get(name)
    if (!found) throw notFound(`PreparedStatement ${name} was not found in workGroup ${workGroup}`, name)
    return found
  }
  return {
    put,
    find,
    create(workGroup, name, sql, description) {
      if (of(workGroup).has(name)) throw invalid(`PreparedStatement ${name} already exists in workGroup ${workGroup}`)
      put(workGroup, name, sql, description)
    },
    list: (workGroup) => [...of(workGroup).values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    remove(workGroup, name) {
      find(workGroup, name)
      of(workGroup).delete(name)
    },
  }
}
