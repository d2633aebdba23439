import { endowmentPolicy, fleet, juergen, motorClaim, motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import { PrintPage } from '../pages/PrintPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { readPdf } from '../src/pdf.ts'
import { expect, test } from '../src/test.ts'

const pointsOf = (millimetres: number) => (millimetres * 72) / 25.4
const side = pointsOf(16)
const together = (text: string) => text.replace(/\s+/g, '')

test('Each page of a printed file says record, dates, search, person and its number', async ({ page, archive }) => {
  const { validOn, before } = motorPolicy.correction
  const inputs = { policy_number: motorPolicy.policyNumber, valid_on: validOn, known_on: before.knownOn }
  const search = await archive.search('policy-file', inputs)
  const print = await PrintPage.open(page, search.id)
  const pages = await readPdf(await print.pdf())
  expect(pages.length).toBeGreaterThan(1)
  for (const [at, { text }] of pages.entries()) {
    expect.soft(text).toContain(`Policy ${motorPolicy.policyNumber}`)
    expect.soft(text).toContain('As valid on 1 Oct 2019, known on 1 Jan 2020')
    expect.soft(text).toContain(`Search ${search.id}`)
    expect.soft(text).toContain(search.person)
    expect.soft(text).toContain(`Page ${at + 1} of ${pages.length}`)
  }
})

/** A document whose tables are long, and one whose tables are the widest there are. */
const documents = [
  {
    what: 'a policy with a fleet',
    useCase: 'policy-file',
    inputs: { policy_number: fleet.policyNumber },
    rows: Array.from({ length: fleet.claims }, (_, at) => `S10000010${String(at + 1).padStart(3, '0')}`),
  },
  {
    what: 'a copy for a data subject',
    useCase: 'data-subject-copy',
    inputs: { party_number: juergen.partyNumber },
    rows: [motorPolicy.policyNumber, endowmentPolicy.policyNumber, motorClaim.claimNumber, endowmentPolicy.claimNumber],
  },
] as const

const papers = [
  { paper: 'A4', short: pointsOf(210), long: pointsOf(297) },
  { paper: 'Letter', short: 8.5 * 72, long: 11 * 72 },
] as const

for (const [{ what, useCase, inputs, rows }, { paper, short, long }] of documents.flatMap((one) =>
  papers.map((on) => [one, on] as const),
)) {
  test(`A document of ${what} on ${paper} holds all rows and columns, and nothing of it is cut`, async ({
    page,
    archive,
  }) => {
    const search = await archive.search(useCase, inputs)
    const print = await PrintPage.open(page, search.id)
    await print.choosePaper(paper)
    const pages = await readPdf(await print.pdf())
    for (const { width, height } of pages) {
      expect(Math.abs(Math.min(width, height) - short)).toBeLessThan(1)
      expect(Math.abs(Math.max(width, height) - long)).toBeLessThan(1)
    }
    const whole = together(pages.map(({ text }) => text).join(' '))
    expect(rows.filter((row) => !whole.includes(row))).toEqual([])
    const missing = search.panels
      .filter(({ layout, rows }) => layout === 'table' && rows)
      .flatMap(({ title, columns }) =>
        columns.filter(({ hidden }) => !hidden).map(({ label }) => [title, label] as const),
      )
      .filter(([, label]) => !whole.includes(together(label)))
    expect(missing).toEqual([])
    const outside = pages.flatMap(({ width, height, pieces }) =>
      pieces.filter(
        ({ left, right, baseline }) =>
          left < side - 1 || right > width - side + 1 || baseline < pointsOf(5) || baseline > height - pointsOf(5),
      ),
    )
    expect(outside).toEqual([])
  })
}

test('A result printed from dark mode is dark ink on white paper', async ({ page, archive }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  const search = await archive.search('policy-file', { policy_number: motorPolicy.policyNumber })
  await PrintPage.open(page, search.id)
  await page.emulateMedia({ colorScheme: 'dark', media: 'print' })
  const colours = await page
    .locator('body, article.document, .cover h1, .document__panel h2, .m-table th, .m-table td, .m-summary dt')
    .evaluateAll((elements) =>
      elements.map((element) => {
        const { color, backgroundColor } = getComputedStyle(element)
        return { color, backgroundColor }
      }),
    )
  expect(colours.length).toBeGreaterThan(20)
  const lightness = (colour: string) => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = colour.match(/[\d.]+/g)?.map(Number) ?? []
    return alpha === 0 ? undefined : (red + green + blue) / 3
  }
  for (const { color, backgroundColor } of colours) {
    expect(lightness(color)).toBeLessThan(128)
    expect(lightness(backgroundColor) ?? 255).toBeGreaterThan(240)
  }
})

test('The key p and the browser command lead from a result to its document, and back', async ({ page, archive }) => {
  const search = await archive.search('policy-file', { policy_number: motorPolicy.policyNumber })
  await ResultPage.open(page, search.id, motorPolicy.policyNumber)
  await page.keyboard.press('p')
  const print = await PrintPage.on(page)
  await print.page.getByRole('link', { name: 'Back to the result' }).click()
  await ResultPage.on(page, motorPolicy.policyNumber)
  await page.keyboard.press('ControlOrMeta+p')
  await PrintPage.on(page)
})

test('A print of the page as it stands, by the menu of the browser, is entered in the log when it begins', async ({
  page,
  archive,
}) => {
  const search = await archive.search('policy-file', { policy_number: motorPolicy.policyNumber })
  await ResultPage.open(page, search.id, motorPolicy.policyNumber)
  const entered = page.waitForResponse((response) => response.url().endsWith(`/api/searches/${search.id}/prints`))
  await page.pdf()
  expect((await entered).status()).toBe(204)
})

test('A print by the menu does not wait for a log that cannot be written', async ({ page, archive, guard }) => {
  guard.expectConsole(/503/)
  const search = await archive.search('policy-file', { policy_number: motorPolicy.policyNumber })
  await ResultPage.open(page, search.id, motorPolicy.policyNumber)
  await page.route('**/prints', (route) => route.fulfill({ status: 503, body: '{}' }))
  expect((await readPdf(await page.pdf())).length).toBeGreaterThan(0)
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('A table divided for one paper is whole again for another', async ({ page, archive }) => {
  const search = await archive.search('data-subject-copy', { party_number: juergen.partyNumber })
  const print = await PrintPage.open(page, search.id)
  const rows = () => print.document.locator('tbody tr').count()
  await print.choosePaper('A4')
  const onA4 = await rows()
  await print.choosePaper('Letter')
  await print.choosePaper('A4')
  expect(await rows()).toBe(onA4)
})

test('A way to another search is not on paper, which leads nowhere', async ({ page, archive }) => {
  const search = await archive.search('policy-file', { policy_number: motorPolicy.policyNumber })
  const file = await ResultPage.open(page, search.id, motorPolicy.policyNumber)
  const way = 'Versions side by side, and what was recorded when'
  await expect(file.page.getByRole('link', { name: way })).toBeVisible()
  const print = await PrintPage.open(page, search.id)
  await expect(print.document.getByText('New policy').first()).toBeVisible()
  await expect(print.document.getByText(way)).toHaveCount(0)
})

test.describe('Where paper is Letter', () => {
  test.use({ locale: 'en-US' })

  test('a document is laid out for it without being told', async ({ page, archive }) => {
    const search = await archive.search('policy-file', { policy_number: motorPolicy.policyNumber })
    const print = await PrintPage.open(page, search.id)
    const [first] = await readPdf(await print.pdf())
    expect(first?.width).toBeCloseTo(8.5 * 72, 0)
  })
})
