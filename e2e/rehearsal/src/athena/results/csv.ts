/** One line of a result object: every value in quotes, NULL as nothing at all. */
export const csvLine = (fields: readonly (string | null)[]) =>
  `${fields.map((field) => (field === null ? '' : `"${field.replaceAll('"', '""')}"`)).join(',')}\n`

export interface ParsedRow {
  readonly fields: (string | null)[]
  /** Offset of the byte after the row. */
  readonly end: number
}

const quoteByte = 0x22
const newline = 0x0a

/** Reads rows back from bytes that begin at `offset` of the object. */
export async function* parseCsv(bytes: AsyncIterable<Uint8Array>, offset: number): AsyncGenerator<ParsedRow> {
  let pending: Uint8Array[] = []
  let quoted = false
  let end = offset
  for await (const chunk of bytes) {
    let start = 0
    for (let at = 0; at < chunk.length; at++) {
      // A doubled quote toggles twice, which comes to the same.
      if (chunk[at] === quoteByte) quoted = !quoted
      if (chunk[at] !== newline || quoted) continue
      const line = Buffer.concat([...pending, chunk.subarray(start, at)])
      pending = []
      start = at + 1
      end += line.length + 1
      yield { fields: fieldsOf(line.toString('utf8')), end }
    }
    pending.push(chunk.subarray(start))
  }
}

function fieldsOf(line: string): (string | null)[] {
  const fields: (string | null)[] = []
  for (const match of line.matchAll(/(?:"((?:[^"]|"")*)"|)(?:,|$)/gy)) {
    fields.push(match[1] === undefined ? null : match[1].replaceAll('""', '"'))
    if (match.index + match[0].length === line.length && !match[0].endsWith(',')) break
  }
  return fields
}

/** Reads a text result: a line is a row of one value. */
export async function* parseLines(bytes: AsyncIterable<Uint8Array>, offset: number): AsyncGenerator<ParsedRow> {
  let rest = Buffer.alloc(0)
  let end = offset
  for await (const chunk of bytes) {
    rest = Buffer.concat([rest, chunk])
    for (let at = rest.indexOf(newline); at >= 0; at = rest.indexOf(newline)) {
      end += at + 1
      yield { fields: [rest.subarray(0, at).toString('utf8')], end }
      rest = rest.subarray(at + 1)
    }
  }
}
