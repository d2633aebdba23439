import { motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import type { Page } from '@playwright/test'
import { FormPage } from '../pages/FormPage.ts'
import { ModelPage } from '../pages/ModelPage.ts'
import { PrintPage } from '../pages/PrintPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { expectAccessible } from '../src/axe.ts'
import { people, signInAs } from '../src/people.ts'
import { expect, test } from '../src/test.ts'

// Each of these signs in as somebody else.
test.use({ storageState: { cookies: [], origins: [] } })

const contact = 'Who needs more asks the records office, extension 4711.'
/** A policy on staff terms: a row rule hides it from all but data protection. */
const staffPolicy = '100000157'

async function openPolicy(page: Page, number: string): Promise<ResultPage> {
  const form = await FormPage.open(page, 'policy-file', 'Policy file')
  await form.field('Policy number').fill(number)
  await form.submit.click()
  return ResultPage.on(page, number)
}

const leftOutIn = (result: ResultPage, title: string) => result.panel(title).region.locator('.left-out')

test('The form says beforehand which parts will be left out, what to ask for and whom', async ({ page }) => {
  await signInAs(page, people.service)
  await FormPage.open(page, 'policy-file', 'Policy file')
  const leftOut = page.getByRole('region', { name: 'What will be left out' })
  await expect(leftOut).toContainText('Invoices takes the right to see: Receipts')
  await expect(leftOut).toContainText('Timeline takes the right to see: Claims and Receipts')
  await expect(leftOut).toContainText(contact)
  await expect(page.getByRole('region', { name: 'What it shows' })).not.toContainText('Invoices')
})

test('A part that the role may not see stands in its place with what to ask for, in the page, its contents and the document', async ({
  page,
}) => {
  await signInAs(page, people.service)
  const file = await openPolicy(page, motorPolicy.policyNumber)
  await expect(leftOutIn(file, 'Claims')).toContainText('whether or not there is anything in it')
  await expect(leftOutIn(file, 'Claims')).toContainText('It takes the right to see: Claims.')
  await expect(leftOutIn(file, 'Receipts')).toContainText(contact)
  const contents = page.getByRole('navigation', { name: 'Contents' }).getByRole('listitem')
  await expect(contents.filter({ hasText: 'Receipts' })).toContainText('left out')
  await expectAccessible(page, 'a file with parts left out')

  await page.getByRole('link', { name: 'Print' }).click()
  const { document } = await PrintPage.on(page)
  await expect(document.locator('.left-out').first()).toContainText('It takes the right to see')
  await expect(document.getByText('Annual premium').first()).toBeVisible()
  const withheld = document.getByRole('region', { name: 'What this document withholds' })
  await expect(withheld).toContainText('Records of staff')
  await expect(withheld).toContainText('Version 1 of the access rules, for the role searcher')
  await expect(withheld).toContainText(contact)
})

for (const [who, sees, lacks] of [
  [people.claims, 'Claims', 'Receipts'],
  [people.accounting, 'Receipts', 'Claims'],
] as const) {
  test(`${who} sees ${sees} and is told that ${lacks} are left out`, async ({ page }) => {
    await signInAs(page, who)
    const file = await openPolicy(page, motorPolicy.policyNumber)
    await expect(file.panel(sees).rows.first()).toBeVisible()
    await expect(leftOutIn(file, lacks)).toContainText(`It takes the right to see: ${lacks}.`)
    await expect(leftOutIn(file, sees)).toHaveCount(0)
  })
}

test('Whoever may see all of it is told that nothing is masked', async ({ page }) => {
  await signInAs(page, people.protection)
  const file = await openPolicy(page, motorPolicy.policyNumber)
  await expect(page.locator('.left-out, .m-masked, .m-mask-note')).toHaveCount(0)
  await expect(page.locator('.in-force > summary')).toHaveText(
    'Seen as case officer: nothing masked, nothing left out.',
  )
  await expect(file.panel('Claims').rows.first()).toBeVisible()
})

test('A masked value says so in words, is named once for its part, and cannot be sorted by', async ({ page }) => {
  await signInAs(page, people.service)
  const file = await openPolicy(page, motorPolicy.policyNumber)
  await expect(file.panel('Key facts').fact('Annual premium')).toHaveText('masked')
  const coverages = file.panel('Coverages')
  expect(new Set(await coverages.valuesOf('annual_premium'))).toEqual(new Set(['masked']))
  await expect(coverages.sortButton('Annual premium')).toHaveCount(0)
  await expect(coverages.sortButton('Valid from')).toBeVisible()
  await expect(coverages.region.locator('.m-mask-note')).toHaveCount(1)
  await expect(coverages.region.locator('.m-mask-note')).toContainText('Masked for your role')
  await expect(coverages.region.locator('.m-mask-note')).toContainText('Annual premium')
})

test('A name that the role may not see is masked in the title, and nowhere on the page', async ({ page }) => {
  await signInAs(page, people.records)
  const file = await openPolicy(page, motorPolicy.policyNumber)
  await expect(file.titleBlock.locator('.m-masked')).toHaveText('name masked')
  await expect(file.panel('Key facts').fact('Holder')).toHaveText('masked')
})

test('One line says what is in force, and opens to all of it', async ({ page }) => {
  await signInAs(page, people.service)
  await openPolicy(page, motorPolicy.policyNumber)
  const inForce = page.locator('.in-force')
  await expect(inForce.locator('summary')).toContainText(/^Seen as searcher: \d+ columns masked; left out: /)
  await inForce.locator('summary').click()
  await expect(inForce).toContainText('Masked in Policies')
  await expect(inForce).toContainText("The insurer's own staff")
  await expect(inForce).toContainText('Version 1 of the access rules')
  await expect(inForce).toContainText(contact)
  await expectAccessible(page, 'what is in force')
})

test('Nothing found stands beside what is withheld, and the record is there for who may see it', async ({ page }) => {
  await signInAs(page, people.service)
  const form = await FormPage.open(page, 'find-policy', 'Find a policy')
  await form.field('Policy number').fill(staffPolicy)
  await form.submit.click()
  const list = await ResultPage.on(page, 'Find a policy')
  await expect(list.page.locator('.panel .m-empty')).toBeVisible()
  await expect(list.page.locator('.withheld')).toContainText('Withheld from your role in any case: ')
  await expect(list.page.locator('.withheld')).toContainText('Records of staff')

  await signInAs(page, people.protection)
  const file = await openPolicy(page, staffPolicy)
  await expect(file.panel('Key facts').fact('Policy number')).toHaveText(staffPolicy)
})

test('Who may see and not export is told so at the button, with whom to ask', async ({ page, guard }) => {
  guard.expectConsole(/403/)
  await signInAs(page, people.service)
  const file = await openPolicy(page, motorPolicy.policyNumber)
  const coverages = file.panel('Coverages')
  await coverages.region.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(page.locator('.menu__note')).toContainText('Masked in the file too: ')
  await page.getByRole('menuitem', { name: /^CSV/ }).click()
  await expect(coverages.region.locator('.problem')).toContainText(contact)
  await expect(coverages.jobs).toHaveCount(0)
})

test('A document is not shown where opening it cannot be entered in the log', async ({ page, guard }) => {
  guard.expectConsole(/503/)
  await signInAs(page, people.claims)
  const file = await openPolicy(page, motorPolicy.policyNumber)
  const problem = { type: 'about:blank', title: 'Not now', status: 503, detail: 'The log cannot be written.' }
  await page.route('**/prints', (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  )
  await page.goto(`/searches/${file.search}/print`)
  await expect(page.getByRole('alert')).toContainText('The log cannot be written.')
  await expect(page.getByText('could not be entered in the audit log')).toBeVisible()
  await expect(page.locator('article.document')).toHaveCount(0)

  await page.unroute('**/prints')
  await page.getByRole('button', { name: 'Try again' }).click()
  await PrintPage.on(page)
})

test('Who nears a limit is told on every page, with whom to ask', async ({ page }) => {
  await page.route('**/api/me', async (route) => {
    const response = await route.fetch()
    const limits = [{ limit: 'rowsExportedPerDay', used: 1700, most: 2000, near: true }]
    await route.fulfill({ response, json: { ...(await response.json()), limits } })
  })
  await signInAs(page, people.service)
  const note = page.getByRole('banner').getByRole('status')
  await expect(note).toHaveText(`Near your limit: 1,700 of 2,000 rows exported today. ${contact}`)
  await expectAccessible(page, 'a note on a limit')
})

for (const [who, does] of [
  [people.approval, 'approve it as the second person'],
  [people.audit, 'Read the audit log'],
  [people.operations, 'Run the machine'],
] as const) {
  test(`${who}, who sees no records, is told what to do instead of searching`, async ({ page }) => {
    await signInAs(page, who)
    await expect(page.getByRole('heading', { level: 1, name: 'What you can do here' })).toBeVisible()
    await expect(page.getByRole('main')).toContainText(does)
    await expect(page.getByRole('link', { name: 'Your searches' })).toHaveCount(0)
    await expect(page.getByRole('searchbox')).toHaveCount(0)
    await expectAccessible(page, `the start page of ${who}`)
  })
}

test('Pages of others are not there for who has no such duty', async ({ page }) => {
  await signInAs(page, people.claims)
  await expect(page.getByRole('banner').getByRole('link', { name: 'Audit log' })).toHaveCount(0)
  for (const address of ['/audit', '/access']) {
    await page.goto(address)
    await expect(
      page.getByRole('heading', { level: 1, name: 'There is nothing at this address for you' }),
    ).toBeVisible()
  }
})

test('Counts that rules round are told as what there is at most', async ({ page }) => {
  await signInAs(page, people.service)
  const model = await ModelPage.open(page)
  await expect(page.getByText('Rounded up, since rules hide some rows from you.')).toBeVisible()
  await expect(model.table('policies').locator('.plain-facts')).toContainText(/up to [\d,]+ rows, up to 10 MB/)
  await page.goto('/')
  await expect(page.locator('.application__facts').first()).toContainText(/ · up to [\d,]+ rows/)
  await signInAs(page, people.protection)
  await ModelPage.open(page)
  await expect(page.locator('#table-policies .plain-facts')).toContainText(/Size[\d,]+ rows/)
  await expect(page.locator('main')).not.toContainText('Rounded up')
})
