import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeArchive, rowsOf, type TestArchive } from '../../archive/test/engine-archive.ts'
import { sorted } from '../src/exports/sorted.ts'
import { orderRows } from '../src/searches/order.ts'
import { orderKeys } from '../src/shared/order-keys.ts'
import type { RecordedPanel } from '../src/shared/search-record.ts'
import { compareCodePoints, letterKey } from '../src/shared/text-order.ts'

const letters = fc.constantFrom(...'aAzZäÄöÜßẞæÆœøŁłıİŠžéÉçñÞðđŋșȚ019 -\'"_%~\u{1f600}\uff5eσΣςжЖ日\t')
const words = fc.sample(fc.string({ unit: letters, maxLength: 6 }), { numRuns: 1500, seed: 7 })
const words2 = [
  'Straße',
  'Strasse',
  'strasse',
  'Müller',
  'muller',
  'Mueller',
  'MÜLLER',
  'Zöllner',
  'Zoe',
  "O'Brien",
  'R10',
  'R9',
]
const all = [...words, ...words2]
const codes = ['B', 'A', 'C', "D'", null, 'X']
const labels = { B: 'Übergang', A: 'zu', C: "it's", "D'": 'Ende' }

const quoted = (text: string | null) => (text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`)
const select = all
  .map((text, index) => `(${quoted(text)}, ${quoted(codes[index % codes.length] ?? null)}, ${index % 3})`)
  .join(', ')

let archive: TestArchive
let engine: Awaited<ReturnType<TestArchive['engine']>>
beforeAll(async () => {
  archive = await makeArchive({
    pas: {
      notes: {
        domain: 'd',
        columns: { note: 'varchar', code: 'varchar', n: 'integer' },
        objects: [{ select: `SELECT note, code, n::INTEGER AS n FROM (VALUES ${select}) AS t(note, code, n)` }],
      },
    },
  })
  engine = await archive.engine()
})
afterAll(async () => {
  await engine.close()
  await archive.close()
})

const column = (name: string, type: string, codeList?: string) => ({
  name,
  label: name,
  type,
  hidden: false,
  numeric: false,
  ...(codeList && { codeList }),
})
const panel: RecordedPanel = {
  name: 'p',
  title: 'P',
  query: 'q',
  layout: 'table',
  honours: [],
  columns: [column('note', 'varchar'), column('code', 'varchar', 'codes'), column('n', 'integer')],
  sorts: [{ name: 'n', label: 'n' }],
}
const values = Object.entries(labels).map(([code, label]) => ({ code, label }))
const codeLists = { codes: { title: 'Codes', values } } as unknown as Parameters<typeof sorted>[4]

it.each(['note', '-note', 'code', '-code', 'n'])('a file and the screen have the same order by %s', async (sort) => {
  const plain = 'SELECT note, code, n FROM notes'
  const file = await rowsOf(engine, sorted({ sql: plain, values: [] }, panel, undefined, sort, codeLists).sql)
  const rows = await rowsOf(engine, plain)
  const names = panel.columns.map(({ name }) => name)
  const keys = orderKeys(panel, undefined, sort).map(({ column: name, descending }) => ({
    column: { name, label: name, type: name === 'n' ? 'integer' : 'varchar', sensitivity: [], hidden: false },
    index: names.indexOf(name),
    descending,
    words: name === 'code' ? new Map(Object.entries(labels)) : undefined,
  }))
  expect(orderRows(rows, keys).map((index) => rows[index])).toEqual(file)
})

it('orders letters without case and accents, then by code point', () => {
  const given = ['Zoe', 'äpfel', 'Apfel', 'apfel', 'Straße', 'Strasse', 'Zöllner', 'Zobel', '10', '9']
  const keys = given.map((text) => ({ text, key: letterKey(text) }))
  keys.sort((a, b) => compareCodePoints(a.key, b.key) || compareCodePoints(a.text, b.text))
  expect(keys.map(({ text }) => text)).toEqual([
    '10',
    '9',
    'Apfel',
    'apfel',
    'äpfel',
    'Strasse',
    'Straße',
    'Zobel',
    'Zoe',
    'Zöllner',
  ])
})
