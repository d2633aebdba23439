import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCsv } from '../../../src/engine/athena/results/csv-reader.ts'
import type { Row } from '../../../src/engine/port.ts'

/** As Athena writes it. */
const line = (row: Row) =>
  `${row.map((field) => (field === null ? '' : `"${field.replaceAll('"', '""')}"`)).join(',')}\n`

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(text: string, size = 64): Promise<Row[]> {
  const rows: Row[] = []
  for await (const batch of readCsv(pieces(Buffer.from(text), size))) rows.push(...batch)
  return rows
}

const field = fc.option(
  fc.oneof(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', 'é', '😀', '\u0000', '\ufeff') }), fc.string()),
)

describe('a result of Athena', () => {
  it('is read as it was written, whatever is in it and wherever it is cut', async () => {
    const rows = fc
      .integer({ min: 1, max: 4 })
      .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { maxLength: 12 }))
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 50 }), async (given, size) => {
        expect(await read(given.map(line).join(''), size)).toEqual(given)
      }),
      { numRuns: 500 },
    )
  })

  it('may lack the last line’s end, and values may stand without quotes', async () => {
    expect(await read('"a","b"\n1,,"x"')).toEqual([
      ['a', 'b'],
      ['1', null, 'x'],
    ])
  })

  it('that ends inside of a value is no result', async () => {
    await expect(read('"a"\n"b')).rejects.toThrow('in the middle of a value')
    await expect(read('"a"b\n')).rejects.toThrow('after its quotes')
  })

  it('is read in time that grows with its length, also where one value is long', async () => {
    const time = async (characters: number) => {
      const text = `"${'x"",\n'.repeat(characters / 5)}"\n`
      const before = process.cpuUsage()
      expect((await read(text, 65_536))[0]?.[0]).toHaveLength((characters / 5) * 4)
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    await time(500_000)
    expect(await time(4_000_000)).toBeLessThan(60 * (await time(500_000)))
  })
})
