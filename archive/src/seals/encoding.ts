/** Name, type and class of a column. */
export type SealedColumn = [name: string, type: string, sensitivity: string]

/** A value with the type of its column. */
export type TypedValue = [type: string, text: string | null]

/**
 * How values become bytes: canonical texts in UTF-8, a comma behind each. A varchar has its number of bytes before it, `5:Weiß,`; the
 * texts of other types hold no comma. No value is `,`, of a varchar `:,`, and the empty text `0:,`. So where the types are known no two
 * lists of values are written alike.
 *
 * Canonical texts: varchar as it is; integer and bigint `-12`; decimal with all digits of its scale `12.30`; boolean `true`, `false`;
 * date `2024-07-05`; timestamp `2024-07-05 08:00:00.000`; double the shortest decimal that reads back as the same number, written as
 * Python's repr does (`1.0`, `1e-05`, `-0.0`, `nan`, `inf`).
 */
export function encodeValues(values: readonly TypedValue[]): Buffer {
  return Buffer.from(
    values
      .map(
        ([type, text]) => (type === 'varchar' ? `${text === null ? '' : Buffer.byteLength(text)}:` : '') + (text ?? ''),
      )
      .map((written) => `${written},`)
      .join(''),
  )
}

/** Reads values of these types from `start` on; undefined for bytes that none are written as. `end` is behind the last comma. */
export function takeValues(
  types: readonly string[],
  bytes: Buffer,
  start = 0,
): { values: (string | null)[]; end: number } | undefined {
  const values: (string | null)[] = []
  let at = start
  for (const type of types) {
    let from = at
    let end = bytes.indexOf(',', at)
    let none = end === from
    if (type === 'varchar') {
      const colon = bytes.indexOf(':', at)
      const digits = colon === -1 ? 'none' : bytes.toString('latin1', at, colon)
      if (!/^(0|[1-9]\d{0,9})?$/.test(digits)) return undefined
      none = digits === ''
      from = colon + 1
      end = from + Number(digits)
    }
    if (end === -1 || bytes[end] !== 0x2c) return undefined
    values.push(none ? null : bytes.toString('utf8', from, end))
    at = end + 1
  }
  return { values, end: at }
}

/** The name of a class: its sensitivities in order, joined with `+`; empty for what is not sensitive. */
export const classOf = (sensitivity: readonly string[]): string => [...new Set(sensitivity)].toSorted().join('+')

export interface SealedClass {
  name: string
  columns: SealedColumn[]
}

/** A table's columns as a row is hashed: the sensitive classes in order of their names, and apart from them what is in none. */
export function classesOf(columns: readonly SealedColumn[]): { sensitive: SealedClass[]; open: SealedColumn[] } {
  const of = (name: string) => columns.filter((column) => column[2] === name)
  const names = [...new Set(columns.map((column) => column[2]))].filter((name) => name !== '').toSorted()
  return { sensitive: names.map((name) => ({ name, columns: of(name) })), open: of('') }
}
