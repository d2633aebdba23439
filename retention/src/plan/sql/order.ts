import type { Application } from '@muniment/archive/model/types'
import { belongings, isLink, type Link, linksOf, linksTo, tableOf } from '../../schedule/links.ts'
import type { RecordClass } from '../../schedule/types.ts'

/** Tables of a record, from its own down, each with the key by which its rows belong to one above. */
export function recordTables(model: Application, recordClass: RecordClass): { table: string; link?: Link }[] {
  const tables: { table: string; link?: Link }[] = [{ table: recordClass.table }]
  for (const { table, by } of recordClass.with) {
    const parents = tables.map((one) => one.table)
    const [one, ...more] = belongings(model, table, parents, by)
    if (!one || more.length > 0) throw new Error(`Rows of ${table} do not belong to ${recordClass.name} in one way.`)
    tables.push({ table, link: one.link })
  }
  return tables
}

/** Keys by which rows name rows of the record and keep it: all that are declared but those by which they belong to it, or that may dangle. */
export function keepingLinks(model: Application, recordClass: RecordClass): Link[] {
  const tables = recordTables(model, recordClass)
  const dangle = new Set(recordClass.mayDangle)
  return tables
    .flatMap(({ table }) => linksTo(model, table))
    .filter((link) => !tables.some((one) => one.link && isLink(one.link, link)))
    .filter(({ child, columns }) => !columns.some((name) => dangle.has(`${child}.${name}`)))
}

/** Classes so that those whose rows name others come first; of those in a ring, as they are written. */
export function inOrder(model: Application, classes: readonly RecordClass[]): RecordClass[] {
  const owners = (table: string) =>
    classes.filter((one) => recordTables(model, one).some((part) => part.table === table))
  const before = new Map(
    classes.map((one) => [one, new Set(keepingLinks(model, one).flatMap(({ child }) => owners(child)))]),
  )
  const ordered: RecordClass[] = []
  const left = [...classes]
  while (left.length > 0) {
    const free = left.findIndex((one) =>
      [...(before.get(one) ?? [])].every((other) => other === one || ordered.includes(other)),
    )
    ordered.push(...left.splice(Math.max(free, 0), 1))
  }
  return ordered
}

/** In which stage the objects of each table are carried out: rows that name others before those that they name. */
export function stages(model: Application, tables: readonly string[]): Map<string, number> {
  const found = new Map<string, number>()
  const going = new Set<string>()
  const stageOf = (name: string): number => {
    const known = found.get(name)
    if (known !== undefined) return known
    // A ring has no first: what names each other is carried out together.
    if (going.has(name)) return 0
    going.add(name)
    const children = linksTo(model, name).filter(({ child }) => child !== name && tables.includes(child))
    const stage = Math.max(-1, ...children.map(({ child }) => stageOf(child))) + 1
    going.delete(name)
    found.set(name, stage)
    return stage
  }
  for (const name of [...tables].sort()) if (tableOf(model, name)) stageOf(name)
  return found
}

export const namesOf = (model: Application, table: string): Link[] => {
  const found = tableOf(model, table)
  return found ? linksOf(found) : []
}
