import type { ColumnType } from '../../../model/types.ts'

/** How DuckDB, which writes the embedded engine's files, writes canonical texts there. */

/** A double in CSV. */
export function doubleInText(text: string): string {
  const value = Number(text)
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power < -4 || power >= 16)
    return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
  const plain = String(value)
  return plain.includes('.') ? plain : `${plain}.0`
}

/** A double in JSON. */
export function doubleInJson(text: string): string {
  const value = Number(text)
  if (Object.is(value, -0)) return '-0.0'
  const plain = String(value).replace('e+', 'e')
  return /^-?\d+$/.test(plain) ? `${plain}.0` : plain
}

const fractionOnly = (type: ColumnType): boolean => /^decimal\((\d+),\1\)$/.test(type)

/** A decimal: without a 0 before the point where the type has no room for one even with one digit more. */
export const decimalInText = (type: ColumnType, text: string): string =>
  type === 'decimal(38,38)' ? text.replace(/^(-?)0\./, '$1.') : text

/** What CAST(... AS VARCHAR) gives. */
export function castText(type: ColumnType, text: string): string {
  if (type === 'double') return doubleInText(text)
  if (type === 'timestamp') return text.replace(/\.?0+$/, '')
  return fractionOnly(type) ? text.replace(/^(-?)0\./, '$1.') : text
}

const escapes: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

/** A text in JSON; control characters by capital letters. */
export const jsonText = (text: string): string =>
  `"${text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON escapes
    /["\\\u0000-\u001f]/g,
    (char) => escapes[char] ?? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  )}"`

/** A field of a CSV file; an empty text is told apart from NULL, which is nothing. */
export const csvField = (text: string | null): string => {
  if (text === null) return ''
  return text === '' || /[",#\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
