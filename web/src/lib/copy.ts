/** Texts that a spreadsheet would take for a formula get an apostrophe, as in our exports; numbers stay numbers. */
export function spreadsheetSafe(text: string): string {
  if (/^-?[\d,.]+$/.test(text)) return text
  return /^[=+\-@\t\r\0＝＋－＠]/.test(text) ? `'${text}` : text
}

/** A cell as text: what is read, without what is only for screen readers; minus signs as spreadsheets know them. */
export function cellText(cell: Element): string {
  const copy = cell.cloneNode(true) as Element
  for (const none of copy.querySelectorAll('.m-none')) none.remove()
  for (const hidden of copy.querySelectorAll('.visually-hidden')) hidden.remove()
  // An open or closed long text counts as the whole text.
  for (const clamp of copy.querySelectorAll('.m-clamp > summary')) clamp.remove()
  const text = (copy.textContent ?? '').replace(/\s+/g, ' ').trim()
  const isNumber = cell.classList.contains('is-num')
  return spreadsheetSafe(isNumber ? text.replace(/\u2212/g, '-') : text)
}

export function rowText(row: Element): string {
  return [...row.querySelectorAll('th, td')].map(cellText).join('\t')
}

/** A table as tab-separated lines, with its header. */
export function tableText(table: Element): string {
  return [...table.querySelectorAll('tr')].map(rowText).join('\n')
}

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
