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

/** Rows by which the size of a long table's text is chosen: laying out all of them for each size takes seconds. */
const sampleSize = 500

/** Leaves rows from all over a long table in it; returns what puts the others back. */
function shorten(table: HTMLTableElement): () => void {
  const body = table.tBodies[0]
  const rows = [...(body?.rows ?? [])]
  if (!body || rows.length <= sampleSize) return () => {}
  const step = Math.ceil(rows.length / sampleSize)
  body.replaceChildren(...rows.filter((_, at) => at % step === 0))
  return () => body.replaceChildren(...rows)
}

/** How much lower a table must get for its text to be made smaller: so much only where words no longer break, and room is won. */
const worthIt = 0.75
const leastWon = 80

/** A little smaller, where that keeps the words of most rows in one line: it halves the pages. */
function closeUp(panel: HTMLElement, tables: readonly HTMLTableElement[]): void {
  const restore = tables.map(shorten)
  const height = () => tables.reduce((sum, table) => sum + table.offsetHeight, 0)
  const before = height()
  for (const fit of ['close', 'small']) {
    panel.dataset.fit = fit
    const after = height()
    if (after < before * worthIt && before - after > leastWon) break
    delete panel.dataset.fit
  }
  for (const put of restore) put()
}

/** In parts that each repeat the identifying column. */
function divide(table: HTMLTableElement): void {
  const head = table.rows[0]
  const body = table.tBodies[0]?.rows[0]
  if (!head || !table.parentElement) return
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

function fitPanel(panel: HTMLElement, tables: readonly HTMLTableElement[]): void {
  const isTooWide = () =>
    tables.some((table) => table.scrollWidth > Math.ceil(table.parentElement?.clientWidth ?? 0) + 1)
  for (const page of [undefined, 'wide']) {
    if (page) panel.dataset.page = page
    if (isTooWide()) continue
    closeUp(panel, tables)
    return
  }
  panel.dataset.fit = 'small'
  if (isTooWide()) for (const table of tables) divide(table)
}

/**
 * Sees to it that no table is wider than its paper: upright if it fits, else on its side, else smaller, else in parts. Measures the
 * document as it stands on the screen, which has the paper's measures, with a little less room: a printer's text is a little wider.
 */
export function fitTables(root: HTMLElement): void {
  for (const panel of root.querySelectorAll<HTMLElement>('.document__panel')) {
    const tables = [...panel.querySelectorAll<HTMLTableElement>('.m-table')]
    if (tables.length === 0) continue
    delete panel.dataset.page
    delete panel.dataset.fit
    panel.dataset.measuring = 'true'
    fitPanel(panel, tables)
    delete panel.dataset.measuring
  }
}
