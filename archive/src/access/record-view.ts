import { canonicalJson, sha256Hex } from '../audit/canonical.ts'
import type { Restrictions } from '../engine/port.ts'
import { TemplateError } from '../errors.ts'
import type { Application, Column, Table } from '../model/types.ts'
import { carries, names } from './grants.ts'
import type { RecordView, Through } from './port.ts'
import type { Grant } from './rules.ts'

/** Whether one grant alone shows the column: two that each allow half of what it needs do not add up to it. */
const shows = (grant: Grant, table: Table, column: Column) =>
  names(grant.domains, table.domain) &&
  column.sensitivity.every((sensitivity) => grant.sensitivities.includes(sensitivity))

/** Restrictions with the id by which engines know them. */
export const identified = (rest: Omit<Restrictions, 'id'>): Restrictions => ({
  id: sha256Hex(canonicalJson(rest)),
  ...rest,
})

function restrict(model: Application, grants: readonly Grant[], tables: Table[]): Restrictions {
  const masks = tables.flatMap((table) =>
    table.columns
      .filter((column) => column.sensitivity.length > 0 && !grants.some((grant) => shows(grant, table, column)))
      .map((column) => ({
        table: table.name,
        column: column.name,
        mask: column.partly ? ('partial' as const) : ('hidden' as const),
      })),
  )
  const rest = {
    tables: tables.map(({ name }) => name).sort(),
    masks: masks.sort((left, right) => (`${left.table}.${left.column}` < `${right.table}.${right.column}` ? -1 : 1)),
    rowRules: Object.keys(model.rowRules)
      .filter((rule) => !grants.some(({ sees }) => sees.includes(rule)))
      .sort(),
  }
  return identified(rest)
}

/** What the grants that allow `through` show of the application together; undefined where they show none of its domains. */
export function recordView(
  model: Application,
  grants: readonly Grant[],
  { useCase, right = 'see' }: Through = {},
): RecordView | undefined {
  const counting = grants.filter(
    (grant) =>
      names(grant.applications, model.name) &&
      (useCase === undefined || names(grant.useCases, useCase)) &&
      carries(grant, right) &&
      model.domains.some(({ name }) => names(grant.domains, name)),
  )
  if (counting.length === 0) return undefined
  const seen = (domain: string) => counting.some((grant) => names(grant.domains, domain))
  const tableOf = (name: string): Table => {
    const table = model.tables.find((each) => each.name === name)
    if (!table) throw new TemplateError(`The model of ${model.name} has no table "${name}".`)
    return table
  }
  const visible = model.tables.filter(({ domain, reference }) => reference || seen(domain))
  return {
    domains: model.domains.map(({ name }) => name).filter(seen),
    mayUse: (name) => counting.some(({ useCases }) => names(useCases, name)),
    may: (wanted, tables) =>
      tables
        .map(tableOf)
        .every((table) =>
          counting.some((grant) => carries(grant, wanted) && (table.reference || names(grant.domains, table.domain))),
        ),
    lacking: (tables) => [
      ...new Set(
        tables
          .map(tableOf)
          .filter((table) => !visible.includes(table))
          .map(({ domain }) => domain),
      ),
    ],
    restrictions: restrict(model, counting, visible),
  }
}
