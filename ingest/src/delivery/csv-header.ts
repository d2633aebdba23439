/** Names in a CSV file's first record. */
export function fieldsOf(record: string, delimiter: string): string[] {
  const fields: string[] = []
  let field = ''
  let quoted = false
  const text = record.replace(/^\ufeff/, '').replace(/\r?\n?$/, '')
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (quoted && char === '"' && text.charAt(at + 1) === '"') {
      field += '"'
      at++
    } else if (char === '"') quoted = !quoted
    else if (char === delimiter && !quoted) {
      fields.push(field)
      field = ''
    } else field += char
  }
  fields.push(field)
  return fields
}
