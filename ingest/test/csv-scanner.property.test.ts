import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CsvScanner, type Wanted } from '../src/delivery/csv-scanner.ts'
import { query } from './world.ts'

const field = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é', '€'), maxLength: 6 }).map((text) => text.replace(/^ +/, '')),
  fc
    .string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é'), maxLength: 8 })
    .map((text) => `"${text.replaceAll('"', '""')}"`),
)
const file = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .chain(([width, end, ended]) =>
    fc
      .array(
        fc.oneof(
          { weight: 9, arbitrary: fc.array(field, { minLength: width, maxLength: width }) },
          { weight: 1, arbitrary: fc.constant<string[]>([]) },
        ),
        { maxLength: 30 },
      )
      .map((records) => {
        const header = Array.from({ length: width }, (_, index) => `C${index}`)
        const lines = [header, ...records].map((fields) => fields.join(','))
        return {
          text: lines.join(end) + (ended ? end : ''),
          width,
          records: records.filter(({ length }) => length > 0),
        }
      }),
  )

function scan(bytes: Buffer, parts: number, options: { wanted?: Wanted[]; hasty?: boolean }) {
  const scanner = new CsvScanner(',', options)
  const size = Math.max(1, Math.ceil(bytes.length / parts))
  for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size))
  return { ...scanner.end(), lines: scanner.lines }
}

/** Where each field begins, counted the slow way. */
function linesOf(text: string, records: string[][], end: string): number[][] {
  let line = 1
  const found: number[][] = []
  const lines = (part: string) => part.split('\n').length - 1
  let rest = text.slice(text.indexOf(end) + end.length)
  line++
  for (const fields of records) {
    while (rest.startsWith(end)) {
      rest = rest.slice(end.length)
      line++
    }
    found.push(
      fields.map((value, index) => {
        const here = line
        line += lines(value)
        rest = rest.slice(value.length + (index < fields.length - 1 ? 1 : 0))
        return here
      }),
    )
    rest = rest.slice(end.length)
    line++
  }
  return found
}

describe('the scanner', () => {
  it('counts records as DuckDB does, in whatever parts the file arrives, hasty or not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'muniment-scan-'))
    try {
      await fc.assert(
        fc.asyncProperty(file, fc.integer({ min: 1, max: 40 }), async ({ text, width, records }, parts) => {
          const bytes = Buffer.from(text)
          const path = join(folder, 'x.csv')
          await writeFile(path, bytes)
          const columns = Array.from({ length: width }, (_, index) => `'f${index}': 'VARCHAR'`).join(', ')
          const [row] = await query(
            `SELECT count(*) AS n FROM read_csv('${path}', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = {${columns}})`,
          )
          for (const hasty of [true, false]) {
            const { records: counted, problems, header } = scan(bytes, parts, { hasty })
            expect(problems).toEqual([])
            expect(header).toHaveLength(width)
            expect(counted).toBe(records.length)
            expect(String(counted)).toBe(row?.n)
          }
        }),
        { numRuns: 150 },
      )
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('knows the line on which any field begins', () => {
    fc.assert(
      fc.property(
        file,
        fc.integer({ min: 1, max: 40 }),
        fc.infiniteStream(fc.boolean()),
        ({ text, records }, parts, picks) => {
          const end =
            text.includes('\r\n') && !text.startsWith('C0,C1\n') ? (/^[^\n]*\r\n/.test(text) ? '\r\n' : '\n') : '\n'
          const expected = linesOf(text, records, end)
          const wanted: Wanted[] = []
          const lines: number[] = []
          for (const [index, fields] of records.entries())
            for (const field of fields.keys())
              if (picks.next().value) {
                wanted.push({ record: index + 1, field })
                lines.push(expected[index]?.[field] ?? 0)
              }
          expect(scan(Buffer.from(text), parts, { wanted }).lines).toEqual(lines)
        },
      ),
      { numRuns: 300 },
    )
  })
})
