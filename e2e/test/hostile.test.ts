import { hostile } from '@muniment/ingest/sample/pas/anchors'
import { hostileTexts } from '@muniment/ingest/sample/pas/words/texts'
import { FormPage } from '../pages/FormPage.ts'
import { HistoryPage } from '../pages/HistoryPage.ts'
import { ModelPage } from '../pages/ModelPage.ts'
import { PrintPage } from '../pages/PrintPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { StartPage } from '../pages/StartPage.ts'
import { mutations } from '../src/mutations.ts'
import { asShown, expectNothingRan } from '../src/nothing-ran.ts'
import { expect, test } from '../src/test.ts'

test.beforeEach(({ page }) => {
  page.on('dialog', (dialog) => {
    throw new Error(`A dialog was opened: ${dialog.message()}`)
  })
})

test('Records that hold markup, braces, SQL and formulas show them letter by letter', async ({ page, archive }) => {
  const search = await archive.search('claim-file', { claim_number: hostile.claimNumber })
  const claim = await ResultPage.open(page, search.id, hostile.claimNumber)
  const letters = claim.panel('Correspondence')
  const shown = (await letters.rows.allTextContents()).map(asShown)
  for (const [kind, text] of Object.entries(hostileTexts)) {
    expect
      .soft(
        shown.some((row) => row.includes(asShown(text))),
        kind,
      )
      .toBe(true)
  }
  await expect(claim.titleBlock).toContainText(hostile.displayName)
  await expectNothingRan(page)
})

test('Hostile texts stay text in the file of a person, of a policy, in print and in the list of complaints', async ({
  page,
  archive,
}) => {
  const customer = await archive.search('customer-file', { party_number: hostile.partyNumber })
  const person = await ResultPage.open(page, customer.id, hostile.partyNumber)
  await expect(page.getByRole('main')).toContainText(hostileTexts.script ?? '')
  await expect(page.getByRole('main')).toContainText(hostileTexts.constructorChain ?? '')
  await expect(person.panel('Addresses over time').region).toContainText('<b>Hauptstraße</b> {{1}}')
  await expectNothingRan(page)

  const complaints = await archive.search('complaints', { complaint_number: 'B10000021001' })
  await ResultPage.open(page, complaints.id, 'Complaints register')
  await expect(page.getByRole('main')).toContainText(hostileTexts.sql ?? '')
  await expectNothingRan(page)

  const policy = await archive.search('policy-file', { policy_number: hostile.policyNumber })
  await PrintPage.open(page, policy.id)
  await expect(page.locator('article')).toContainText(hostileTexts.braces ?? '')
  await expectNothingRan(page)
})

test('Long words of hostile texts do not widen the paper', async ({ page, archive }) => {
  const search = await archive.search('claim-file', { claim_number: hostile.claimNumber })
  const print = await PrintPage.open(page, search.id)
  const wide = await print.document
    .locator('.document__content')
    .evaluateAll((parts) => parts.filter((part) => part.scrollWidth > part.clientWidth + 1).length)
  expect(wide).toBe(0)
  await expectNothingRan(page)
})

test('Markup that is typed anywhere is text everywhere it comes back', async ({ page, guard, archive }) => {
  guard.private(...mutations)
  const start = await StartPage.open(page)
  for (const typed of mutations) await start.finder.fill(typed)
  await expectNothingRan(page)
  const model = await ModelPage.open(page)
  for (const typed of mutations) await model.filter.fill(typed)
  await expectNothingRan(page)

  for (const typed of mutations) await archive.search('find-customer', { surname: 'Meier', place: typed.slice(0, 100) })
  const history = await HistoryPage.open(page)
  for (const typed of mutations) {
    await expect.soft(history.entry(asShown(typed.slice(0, 100))).first()).toBeVisible()
  }
  await expectNothingRan(page)
})

test('A search for markup reads it back in its result, its document and its form', async ({ page, guard }) => {
  const typed = '"><svg/onload=window.__pwned=1>//'
  guard.private(typed)
  const form = await FormPage.open(page, 'find-customer', 'Find a customer')
  await form.field('Name').fill('Meier')
  await form.field('Place').fill(typed)
  await form.submit.click()
  await ResultPage.on(page, 'Find a customer')
  await expect(page.getByRole('main')).toContainText(typed)
  await expectNothingRan(page)
  await page.getByRole('link', { name: 'Print' }).click()
  const print = await PrintPage.on(page)
  await expect(print.document).toContainText(typed)
  await expectNothingRan(page)
  await page.goBack()
  await page.getByRole('link', { name: 'Change the search' }).click()
  await expect((await FormPage.on(page, 'Find a customer')).field('Place')).toHaveValue(typed)
  await expectNothingRan(page)
})

test.describe('A purpose', () => {
  test.use({ purpose: null })

  test('that holds markup is shown as it was typed', async ({ page, archive }) => {
    const start = await StartPage.open(page)
    const note = '<img src=x onerror="window.__pwned=1">{{7*7}}'
    const dialog = await start.changePurpose()
    await dialog.choose('System test', note)
    await dialog.submit()
    await start.expectPurpose(`System test: ${note}`)
    const search = await archive.search('codes', { words: 'motor' })
    await page.goto(`/searches/${search.id}`)
    await ResultPage.on(page, 'Codes and their meaning')
    await expectNothingRan(page)
  })
})
