import { text } from './text.ts'

/**
 * Groups of columns that fit a width, the identifying column first in each. Greedy, in the table's order.
 *
 * @param widths of all columns, in any unit
 */
export function divideColumns(widths: readonly number[], key: number, available: number): number[][] {
  const room = available - (widths[key] ?? 0)
  const groups: number[][] = []
  let current: number[] = []
  let used = 0
  for (const [column, width] of widths.entries()) {
    if (column === key) continue
    if (current.length > 0 && used + width > room) {
      groups.push(current)
      current = []
      used = 0
    }
    current.push(column)
    used += width
  }
  if (current.length > 0) groups.push(current)
  return groups.map((group) => [key, ...group])
}

function keepColumns(table: HTMLTableElement, columns: readonly number[]): HTMLTableElement {
  const copy = table.cloneNode(true) as HTMLTableElement
  const kept = new Set(columns)
  for (const row of copy.rows) {
    for (const [index, cell] of [...row.cells].entries()) if (!kept.has(index)) cell.remove()
  }
  return copy
}

/**
 * Sees to it that no table is wider than its paper: upright if it fits, else on its side, else smaller, else in parts that each
 * repeat the identifying column. Measures the document as it stands on the screen, which has the paper's measures.
 */
export function fitTables(root: HTMLElement): void {
  for (const panel of root.querySelectorAll<HTMLElement>('.document__panel')) {
    const tables = [...panel.querySelectorAll<HTMLTableElement>('.m-table')]
    const isTooWide = () =>
      tables.some((table) => table.scrollWidth > Math.ceil(table.parentElement?.clientWidth ?? 0) + 1)
    delete panel.dataset.page
    delete panel.dataset.fit
    if (!isTooWide()) continue
    panel.dataset.page = 'wide'
    if (!isTooWide()) continue
    panel.dataset.fit = 'small'
    if (!isTooWide()) continue
    for (const table of tables) {
      const head = table.rows[0]
      const body = table.tBodies[0]?.rows[0]
      if (!head || !table.parentElement) continue
      const key = Math.max(
        0,
        [...(body?.cells ?? [])].findIndex((cell) => cell.tagName === 'TH'),
      )
      const widths = [...head.cells].map((cell) => cell.offsetWidth)
      const groups = divideColumns(widths, key, table.parentElement.clientWidth)
      const parts = groups.flatMap((columns, index) => {
        const note = document.createElement('p')
        note.className = 'document__part'
        note.textContent = text.part(index + 1, groups.length)
        return [note, keepColumns(table, columns)]
      })
      table.replaceWith(...parts)
    }
  }
}
