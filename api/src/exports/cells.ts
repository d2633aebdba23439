/** What a cell of a workbook holds. Text is never a formula: only an object could be one. */
export type Cell = string | number | boolean | Date | null

/** Excel's own limit of characters in a cell. */
export const cellLength = 32_767
const cutMark = ' … (cut: a cell holds 32,767 characters)'

const digitsKept = 15
const firstDay = Date.parse('1900-03-01T00:00:00Z')

/** A canonical value as the cell that says the same, or as text where a cell could not say it exactly. */
export function cellOf(type: string, value: string | null | undefined): Cell {
  if (value === null || value === undefined) return null
  if (/^(integer|bigint|decimal\b)/.test(type)) return exactNumber(value) ?? value
  if (type === 'double') return Number.isFinite(Number(value)) ? Number(value) : value
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value
  if (type === 'date') return dateCell(value, `${value}T00:00:00Z`)
  if (type === 'timestamp') return dateCell(value, `${value.replace(' ', 'T')}Z`)
  return textCell(value)
}

export const isCut = (value: string | null | undefined): boolean => (value?.length ?? 0) > cellLength

/** Excel keeps 15 digits. */
function exactNumber(text: string): number | undefined {
  const digits = text
    .replace(/^[+-]?0*/, '')
    .replace('.', '')
    .replace(/^0+/, '')
  const significant = text.includes('.') ? digits.replace(/0+$/, '') : digits
  const number = Number(text)
  return significant.length <= digitsKept && Number.isFinite(number) ? number : undefined
}

/** Excel counts days from 1900 and believes in a 29 February of that year. */
function dateCell(text: string, iso: string): Date | string {
  const date = new Date(iso)
  return /^\d{4}-/.test(text) && date.getTime() >= firstDay ? date : text
}

/** Control characters as Office writes them in XML, and what already looks like that protected from being read so. */
export function textCell(text: string): string {
  const cut = text.length > cellLength ? `${text.slice(0, cellLength - cutMark.length)}${cutMark}` : text
  return cut
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/_x([0-9A-Fa-f]{4})_/g, '_x005F_x$1_')
    .replace(/(?![\t\n\u0080-\u009F])\p{Cc}|[\uFFFE\uFFFF]/gu, officeEscape)
}

const officeEscape = (character: string): string =>
  `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
