import type { SeenRecord } from '@muniment/archive/audit/port'
import { derivations } from '@muniment/archive/folding'
import type { Application } from '@muniment/archive/model/types'
import { ownInput } from '@muniment/query-templates/inputs'
import { formNameOf } from '@muniment/query-templates/panel-inputs'
import type { Templates } from '@muniment/query-templates/port'
import type { Query } from '@muniment/query-templates/types'
import { tablesOfPanel } from './record-rights.ts'
import type { RecordedPanel, SearchRecord } from './search-record.ts'

/**
 * Records that what a panel shows is about, though its rows may not name them: the one in the search's title, and those by whose key the
 * rows were chosen. Of rows that are not there the title alone says that their record is.
 */
export function recordsAbout(
  templates: Templates,
  search: SearchRecord,
  panel: Pick<RecordedPanel, 'name' | 'query' | 'inputs'>,
  rows: number,
): SeenRecord[] {
  return eachOnce([...(search.titled ?? []), ...(rows > 0 ? recordsBound(templates, search, panel) : [])])
}

export const eachOnce = (records: readonly SeenRecord[]): SeenRecord[] => [
  ...new Map(
    records.map((record) => [JSON.stringify([record.application, record.table, record.key]), record]),
  ).values(),
]

/**
 * Inputs that are keys: a parameter, of the query or of the form that it is filled from, has the name of a key's only column, and the query
 * reads that table or one that refers to it by this column.
 */
function recordsBound(
  templates: Templates,
  search: Pick<SearchRecord, 'useCase'>,
  panel: Pick<RecordedPanel, 'name' | 'query' | 'inputs'>,
): SeenRecord[] {
  const { application, queries, useCases } = templates
  const query = queries.get(panel.query)
  if (!query || !panel.inputs) return []
  const shown = useCases.get(search.useCase)?.panels.find(({ name }) => name === panel.name)
  const read = tablesOfPanel(templates, panel)
  const inputs = panel.inputs
  return query.parameters.flatMap((parameter) => {
    const values = [ownInput(inputs, parameter.name) ?? []].flat()
    const form = shown && formNameOf(shown, parameter.name)
    const names = [parameter.name, ...(form === undefined ? [] : [form])]
    return names
      .flatMap((name) => tablesKeyedBy(application, read, name))
      .flatMap((table) =>
        values.map((value) => ({ application: application.name, table, key: [asBound(parameter, value)] })),
      )
  })
}

const asBound = ({ transform }: Query['parameters'][number], value: string): string =>
  transform ? derivations[transform](value) : value

function tablesKeyedBy({ tables }: Application, read: readonly string[], column: string): string[] {
  const keyed = tables.filter(({ reference, primaryKey }) => !reference && primaryKey.join() === column)
  return keyed.flatMap(({ name }) => {
    const refers = tables.some(
      (table) =>
        read.includes(table.name) &&
        table.foreignKeys.some(({ columns, references }) => references.table === name && columns.join() === column),
    )
    return read.includes(name) || refers ? [name] : []
  })
}
