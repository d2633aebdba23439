import type { Application } from '@muniment/archive/model/types'
import type { Problem } from '../contract.ts'
import { problem } from './problem.ts'

/** Why a panel or an export is not there: its rows go by values that the person does not see. `columns`: each `table.column`. */
export function maskedChoice(
  what: 'panel' | 'export',
  columns: readonly string[],
  model: Application,
  contact: string | undefined,
): Problem {
  const names = [...new Set(columns.flatMap((column) => namesOf(column, model)))].join(', ') || 'something'
  const detail = `This ${what} chooses its rows by ${names}, which your role does not see, so what it would show would be wrong.`
  return problem('masked', contact === undefined ? detail : `${detail} ${contact}`)
}

/** A derived column is how something is looked up: people know it by what it is made from. */
function namesOf(column: string, model: Application): string[] {
  const [tableName, columnName] = column.split('.')
  const table = model.tables.find(({ name }) => name === tableName)
  const found = table?.columns.find(({ name }) => name === columnName)
  if (!table || !found) return []
  return (found.derived?.from ?? [found.name]).flatMap((name) => {
    const shown = table.columns.find((each) => each.name === name)
    return shown ? [`${shown.label} (${table.title})`] : []
  })
}
