import { createReadStream } from 'node:fs'

/**
 * Rows of a JSON file that has one object a line, in an array or not; each as its values in order. Lines end at LF alone:
 * node:readline would also end them at U+2028, which JSON may hold as it is.
 */
export async function* jsonRows(file: string): AsyncIterable<(string | null)[]> {
  let rest = ''
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 18 })) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const row = valuesOf(line)
      if (row) yield row
    }
  }
  const last = valuesOf(rest)
  if (last) yield last
}

function valuesOf(line: string): (string | null)[] | undefined {
  const start = line.indexOf('{')
  const end = line.lastIndexOf('}')
  return start >= 0 && end > start ? Object.values(JSON.parse(line.slice(start, end + 1))) : undefined
}
