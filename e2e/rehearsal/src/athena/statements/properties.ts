import type { Cursor } from './cursor.ts'
import type { Properties } from './statement.ts'

/** `(format = 'PARQUET', partitioned_by = ARRAY['a', 'b'])`, the cursor before the parenthesis. */
export function parseProperties(cursor: Cursor): Properties {
  const properties: Record<string, string | string[]> = {}
  cursor.expect('(')
  do {
    const name = cursor.name()
    cursor.expect('=')
    properties[name] = cursor.accept('ARRAY') ? parseArray(cursor) : cursor.next().text
  } while (cursor.accept(','))
  cursor.expect(')')
  return properties
}

function parseArray(cursor: Cursor): string[] {
  const items: string[] = []
  cursor.expect('[')
  do items.push(cursor.string())
  while (cursor.accept(','))
  cursor.expect(']')
  return items
}
