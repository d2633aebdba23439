import { exportColumns, unloadColumns } from '@muniment/api/exports/columns'
import { sorted } from '@muniment/api/exports/sorted'
import { keyColumns } from '@muniment/api/shared/seen-records'
import type { QueryEngine, Statement, UnloadTarget } from '@muniment/archive/engine/port'
import { bind } from '@muniment/query-templates/bind'
import { checkInputs } from '@muniment/query-templates/inputs'
import type { Templates } from '@muniment/query-templates/port'
import { asPanel } from './searches.ts'

export interface ExportCase {
  title: string
  statement: Statement
  target: (engine: QueryEngine) => Promise<Omit<UnloadTarget, 'folder'>>
}

/** Queries by the order of their file: declared, by a text, by codes in words, by an amount, or as they come. */
const chosen = [
  ['policy-receipts', undefined],
  ['find-customer', 'display_name'],
  ['find-customer', '-birth_date'],
  ['find-claim', '-cause'],
  ['complaints', 'slowest'],
  ['open-items', '-amount'],
  ['codes', 'label'],
  ['statement-of-account', undefined],
  ['claim-timeline', undefined],
] as const

/** A handful of panels as the product exports them. */
export function exportCases(templates: Templates): ExportCase[] {
  const { application } = templates
  return chosen.flatMap(([name, sort]) =>
    (['csv', 'json'] as const).map((format): ExportCase => {
      const query = templates.queries.get(name)
      if (!query) throw new Error(`There is no query ${name}.`)
      const panel = asPanel(query)
      const bound = bind(templates, query, checkInputs(query, query.examples[0]?.inputs ?? {}, application))
      const asked = sort === undefined ? bound : sorted(bound, panel, query, sort, application.codeLists)
      const statement = { ...bound, ...asked }
      const columns = unloadColumns(exportColumns(panel.columns, application, format), format)
      return {
        title: `${name} by ${sort ?? 'its own order'} as ${format}`,
        statement,
        target: async (engine) => ({
          format,
          columns,
          keys: [...keyColumns(await engine.prepare(statement), application).values()],
        }),
      }
    }),
  )
}
