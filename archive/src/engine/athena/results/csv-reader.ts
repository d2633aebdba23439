import type { Row } from '../../port.ts'

const special = /["\n]/g

/**
 * Rows of Athena's CSV as they come, the header among them: fields in quotes that are doubled inside, with line breaks as they were;
 * nothing for NULL, `""` for an empty text. Throws where it ends inside of quotes.
 */
export async function* readCsv(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Row[]> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let text = ''
  let at = 0
  let quoted = false

  /** Ends of rows are outside of quotes; a doubled quote ends a field and begins another, which comes to the same. */
  function* complete(): Generator<Row> {
    let start = 0
    for (;;) {
      if (quoted) {
        const end = text.indexOf('"', at)
        if (end < 0) break
        at = end + 1
        quoted = false
        continue
      }
      special.lastIndex = at
      const found = special.exec(text)
      if (!found) break
      at = found.index + 1
      if (found[0] === '"') {
        quoted = true
        continue
      }
      yield fieldsOf(text.slice(start, found.index))
      start = at
    }
    text = text.slice(start)
    at = text.length
  }

  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true })
    const rows = [...complete()]
    if (rows.length > 0) yield rows
  }
  text += decoder.decode()
  const rows = [...complete()]
  if (quoted) throw new Error('The result ends in the middle of a value.')
  if (text !== '') rows.push(fieldsOf(text))
  if (rows.length > 0) yield rows
}

function fieldsOf(line: string): Row {
  const fields: Row = []
  for (let at = 0; ; ) {
    if (line.charCodeAt(at) === 34) {
      let end = line.indexOf('"', at + 1)
      let doubled = false
      while (end >= 0 && line.charCodeAt(end + 1) === 34) {
        doubled = true
        end = line.indexOf('"', end + 2)
      }
      const text = line.slice(at + 1, end < 0 ? line.length : end)
      fields.push(doubled ? text.replaceAll('""', '"') : text)
      at = end < 0 ? line.length : end + 1
      if (line.charCodeAt(at) !== 44) {
        if (at < line.length) throw new Error('A value of the result goes on after its quotes.')
        return fields
      }
    } else {
      const comma = line.indexOf(',', at)
      const text = line.slice(at, comma < 0 ? line.length : comma)
      fields.push(text === '' ? null : text)
      if (comma < 0) return fields
      at = comma
    }
    at++
  }
}
