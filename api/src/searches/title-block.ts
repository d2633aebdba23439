import type { Templates } from '@muniment/query-templates/port'
import type { OutputColumn, UseCase } from '@muniment/query-templates/types'
import type { Search } from '../contract.ts'
import type { PanelResult } from '../shared/results.ts'

type TitleBlock = NonNullable<Search['record']>

/** The citable title of a record, from the first row of the panel that the use case names; undefined where it has none. */
export function titleBlock(
  templates: Templates,
  useCase: UseCase | undefined,
  panel: string,
  result: PanelResult,
): TitleBlock | undefined {
  const wanted = useCase?.record
  const row = result.rows[0]
  if (!wanted || wanted.panel !== panel || !row) return undefined
  const query = templates.queries.get(useCase.panels.find(({ name }) => name === panel)?.query ?? '')

  const valueIn = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : (row[result.columns.findIndex((column) => column.name === name)] ?? undefined)
  const number = valueIn(wanted.number)
  if (number === undefined) return undefined

  const isHidden = (name: string | undefined): boolean =>
    result.columns.some((column) => column.name === name && column.masked === 'hidden')
  const masked = (['holder', 'state'] as const).filter((part) => isHidden(wanted[part]))

  const holder = valueIn(wanted.holder)
  const state = valueIn(wanted.state)
  const column = query?.columns.find(({ name }) => name === wanted.state)
  const stateKind = state === undefined ? undefined : column?.states?.[state]
  return {
    kind: wanted.kind,
    number,
    ...(holder !== undefined && { holder }),
    ...(state !== undefined && { state: wordOf(templates, column, state) }),
    ...(stateKind && { stateKind }),
    ...(masked.length > 0 && { masked }),
    panel,
    ...namedBy(templates, result, wanted.number, number),
  }
}

/** The table whose whole key the number is, where it is shown as it is. */
function namedBy(
  { application }: Templates,
  { columns }: PanelResult,
  number: string,
  value: string,
): Pick<TitleBlock, 'names'> {
  const column = columns.find(({ name }) => name === number)
  const [table, key] = column && !column.masked ? (column.from?.split('.') ?? []) : []
  const found = application.tables.find(({ name, reference }) => name === table && !reference)
  return found && found.primaryKey.join() === key ? { names: { table: found.name, key: [value] } } : {}
}

function wordOf(templates: Templates, column: OutputColumn | undefined, code: string): string {
  const list = column?.codeList ? templates.application.codeLists[column.codeList] : undefined
  return list?.values.find((value) => value.code === code)?.label ?? code
}
