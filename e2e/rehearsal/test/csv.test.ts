import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvLine, parseCsv } from '../src/athena/results/csv.ts'

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const nasty = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'x', 'ü', '😀', '\\') })

describe('the result object', () => {
  it('is read back as it was written, from any row on, wherever the bytes are cut', async () => {
    const tables = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(fc.option(nasty), { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      )
    await fc.assert(
      fc.asyncProperty(tables, fc.integer({ min: 1, max: 9 }), fc.nat(), async (rows, size, from) => {
        const lines = rows.map((row) => Buffer.from(csvLine(row)))
        const skipped = from % rows.length
        const offset = Buffer.concat(lines.slice(0, skipped)).length
        const read: (string | null)[][] = []
        let end = offset
        for await (const row of parseCsv(inPieces(Buffer.concat(lines.slice(skipped)), size), offset)) {
          read.push(row.fields)
          end = row.end
        }
        expect(read).toEqual(rows.slice(skipped))
        expect(end).toBe(Buffer.concat(lines).length)
      }),
    )
  })
})
