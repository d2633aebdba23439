import type { Rights } from '@muniment/archive/access/port'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import type { Table } from '@muniment/archive/model/types'
import type { Templates } from '@muniment/query-templates/port'
import type { ModelDescription } from '../contract.ts'
import { viewThrough } from '../shared/record-rights.ts'
import { toldBytes } from '../shared/told-bytes.ts'
import { isRounded, rowsSeen } from './rows-seen.ts'
import { tablesOfUseCase } from './use-cases.ts'

type TableDescription = ModelDescription['tables'][number]

/** Tables and columns are no records, so all are described; how many rows there are is told of what may be seen. */
export function describeModel(
  templates: Templates,
  snapshot: CatalogSnapshot | undefined,
  rights: Rights,
): ModelDescription {
  const { application } = templates
  const view = rights.view(application)
  const mine = [...templates.useCases.values()].filter((useCase) => viewThrough(rights, templates, useCase))
  const { name, title, description, timeZone, retired, legalEntities, domains, codeLists } = application
  const readers = new Map<string, string[]>()
  for (const useCase of mine) {
    for (const table of tablesOfUseCase(templates, useCase)) {
      readers.set(table, [...(readers.get(table) ?? []), useCase.name])
    }
  }
  return {
    name,
    title,
    description,
    timeZone,
    ...(retired && { retired }),
    legalEntities: legalEntities.map(({ description, ...entity }) => ({
      ...entity,
      ...(description && { description }),
    })),
    domains,
    ...(view && isRounded(view) && { rounded: true }),
    codeLists: Object.fromEntries(
      Object.entries(codeLists).map(([list, { title, description, values }]) => [
        list,
        {
          title,
          ...(description && { description }),
          values: values.map(({ code, label, description }) => ({ code, label, ...(description && { description }) })),
        },
      ]),
    ),
    tables: application.tables.map((table) => {
      const found = snapshot?.tables.find((candidate) => candidate.name === table.name)
      const rows = view && found ? rowsSeen(view, { tables: [found] }) : 0
      const bytes = rows > 0 ? toldBytes(found?.bytes ?? 0, view?.restrictions.rowRules ?? []) : 0
      return describeTable(table, rows, bytes, readers.get(table.name) ?? [])
    }),
  }
}

function describeTable(table: Table, rows: number, bytes: number, useCases: string[]): TableDescription {
  const { name, domain, title, description, source, primaryKey, foreignKeys, valid, recorded, persons, columns } = table
  return {
    name,
    domain,
    title,
    description,
    source: source.name,
    rows,
    bytes,
    primaryKey,
    foreignKeys: foreignKeys.map(({ columns, references }) => ({
      columns,
      table: references.table,
      to: references.columns,
    })),
    ...(valid && { valid: period(valid) }),
    ...(recorded && { recorded: period(recorded) }),
    persons: [...new Set(persons.map(({ role }) => role))],
    columns: columns.map((column) => ({
      name: column.name,
      type: column.type,
      label: column.label,
      description: column.description,
      ...(column.unit && { unit: column.unit }),
      ...(column.codeList && { codeList: column.codeList }),
      sensitivity: column.sensitivity,
      ...(column.source && { source: column.source }),
      ...(column.derived && { derived: `${column.derived.function}(${column.derived.from.join(', ')})` }),
    })),
    useCases,
  }
}

const period = ({ from, to }: { from: string; to?: string | undefined }) => ({ from, ...(to && { to }) })
