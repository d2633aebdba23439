import { readFile } from 'node:fs/promises'
import { hostile, motorClaim } from '@muniment/ingest/sample/pas/anchors'
import { hostileTexts } from '@muniment/ingest/sample/pas/words/texts'
import { ResultPage } from '../pages/ResultPage.ts'
import { readCsv } from '../src/csv.ts'
import { expect, test } from '../src/test.ts'
import { type CellValue, readWorkbook } from '../src/workbook.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const asRead = (value: CellValue | undefined): string =>
  value instanceof Date
    ? `${value.getUTCDate()} ${months[value.getUTCMonth()]} ${value.getUTCFullYear()}`
    : String(value ?? '–')

test('A workbook holds the rows that the panel shows, and a sheet that says what was searched', async ({
  page,
  archive,
}) => {
  const search = await archive.search('find-customer', { surname: 'Mayer', match: 'sound' })
  const result = await ResultPage.open(page, search.id, 'Find a customer')
  const panel = result.panel('Customers found')
  const download = await panel.download('Excel')
  expect(download.suggestedFilename()).toBe(`pas-find-customer-customers-${search.id}.xlsx`)

  const sheets = await readWorkbook(await download.path())
  const [rows = [], about = []] = [...sheets.values()]
  const [headings = [], ...records] = rows
  expect(records).toHaveLength(search.panels[0]?.rows ?? -1)
  for (const [column, heading] of [
    ['display_name', 'Name'],
    ['birth_date', 'Date of birth'],
    ['customer_number', 'Customer number'],
  ] as const) {
    const at = headings.indexOf(heading)
    const shown = (await panel.valuesOf(column)).map((text) => text.split('\n')[0])
    expect(records.map((record) => asRead(record[at]))).toEqual(shown)
  }
  expect([...sheets.keys()]).toContain('About this export')
  const said = new Map(about.map(([label, value]) => [label, value]))
  expect(said.get('Search id')).toBe(search.id)
  expect(said.get('Rows')).toBe(records.length)
  expect(said.get('Purpose')).toBe('System test: What browser tests look at')
  expect(said.get('Searched for: Name')).toBe('Mayer')
  expect(said.get('Exported by')).toBe(search.person)
})

test('Amounts of a workbook are numbers that add up', async ({ page, archive }) => {
  const search = await archive.search('claim-file', { claim_number: motorClaim.claimNumber })
  const claim = await ResultPage.open(page, search.id, motorClaim.claimNumber)
  const download = await claim.panel('Payments').download('Excel')
  const [rows = []] = (await readWorkbook(await download.path())).values()
  const [headings = [], ...records] = rows
  expect(records).toHaveLength(motorClaim.payments)
  const amounts = records.map((record) => record[headings.indexOf('Amount')])
  for (const amount of amounts) expect(typeof amount).toBe('number')
})

test('A CSV file keeps texts as archived, makes formulas harmless, and has a companion', async ({ page, archive }) => {
  const search = await archive.search('claim-file', { claim_number: hostile.claimNumber })
  const claim = await ResultPage.open(page, search.id, hostile.claimNumber)
  const letters = claim.panel('Correspondence')
  const download = await letters.download('CSV')
  const bytes = await readFile(await download.path())
  const records = readCsv(bytes.toString('utf8').replace(/^\uFEFF/, ''))
  const texts = Object.values(hostileTexts)
  expect(records).toHaveLength(texts.length)
  const columns = Object.keys(records[0] ?? {})
  const subject = columns.find((name) => name === 'Subject') ?? ''
  const safe = (text: string) => (/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text)
  expect(new Set(records.map((record) => record[subject]))).toEqual(new Set(texts.map(safe)))
  // Not one cell of any column begins as a formula would.
  const formulas = records.flatMap((record) => Object.values(record)).filter((cell) => /^[=+@\t\r＝＋－＠]/.test(cell))
  expect(formulas).toEqual([])

  const companionDownload = page.waitForEvent('download')
  await letters.jobs.getByRole('button', { name: 'What was searched' }).click()
  const companion = JSON.parse(await readFile(await (await companionDownload).path(), 'utf8'))
  expect(companion).toMatchObject({
    file: download.suggestedFilename(),
    rows: texts.length,
    bytes: bytes.length,
    purpose: 'System test: What browser tests look at',
    search: { id: search.id, panel: 'Correspondence' },
    inputs: [{ value: hostile.claimNumber }],
  })
})

for (const format of ['JSON', 'Parquet'] as const) {
  test(`A ${format} file is offered with its rows and size, and dismissed when it is no longer wanted`, async ({
    page,
    archive,
  }) => {
    const search = await archive.search('claim-file', { claim_number: motorClaim.claimNumber })
    const claim = await ResultPage.open(page, search.id, motorClaim.claimNumber)
    const panel = claim.panel('Payments')
    const download = await panel.download(format)
    const bytes = await readFile(await download.path())
    if (format === 'JSON') expect(JSON.parse(bytes.toString('utf8'))).toHaveLength(motorClaim.payments)
    else expect([bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1'])
    await expect(panel.jobs).toContainText(`${motorClaim.payments} rows`)
    await panel.jobs.getByRole('button', { name: 'Dismiss' }).click()
    await expect(panel.jobs).toHaveCount(0)
  })
}
