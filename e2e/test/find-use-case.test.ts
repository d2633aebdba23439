import { juergen, motorClaim, motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import { FormPage } from '../pages/FormPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { StartPage } from '../pages/StartPage.ts'
import { expect, test } from '../src/test.ts'

const wishes = [
  ['find customer', 'Find a customer'],
  ['policyholder', 'Find a customer'],
  ['Versicherungsnehmer', 'Find a customer'],
  ['kennzeichen', 'Find a policy'],
  ['licence plate', 'Find a policy'],
  ['Mahnung', 'Statement of account'],
  ['Großschaden', 'Large losses'],
  ['grossschaden', 'Large losses'],
  ['DSGVO', 'Copy for a data subject'],
  ['subject access', 'Copy for a data subject'],
  ['begunstigte', 'Beneficiaries of a policy'],
  ['Offene Posten', 'Open items at a date'],
] as const

test('A use case is found by its words and their synonyms, German ones and without umlauts', async ({ page }) => {
  const start = await StartPage.open(page)
  for (const [words, title] of wishes) {
    await start.finder.fill(words)
    await expect.soft(start.found.getByRole('link').first(), words).toHaveText(title)
  }
})

test('Words that describe no use case say so, and what to do', async ({ page }) => {
  const start = await StartPage.open(page)
  await start.finder.fill('zz9')
  await expect(page.getByText('No use case is described by these words.')).toBeVisible()
  await page.getByRole('button', { name: 'Clear the field' }).click()
  await StartPage.on(page)
})

test('A number that is pasted leads to its record with one key', async ({ page, guard }) => {
  guard.private(motorPolicy.policyNumber, motorClaim.claimNumber)
  for (const [typed, heading] of [
    [motorPolicy.policyNumber, motorPolicy.policyNumber],
    [motorClaim.claimNumber, motorClaim.claimNumber],
    [juergen.partyNumber, juergen.partyNumber],
  ] as const) {
    const start = await StartPage.open(page)
    await start.finder.fill(typed)
    await expect(page.getByRole('region', { name: 'Looks like a number' })).toBeVisible()
    await start.finder.press('Enter')
    await ResultPage.on(page, heading)
  }
})

test('The search box of every page carries the words to the start page', async ({ page }) => {
  const form = await FormPage.open(page, 'codes', 'Codes and their meaning')
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('/')
  await expect(form.findBox).toBeFocused()
  await page.keyboard.type('Beschwerde')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/$/)
  const found = page.getByRole('region', { name: 'Use cases' }).getByRole('link')
  await expect(found.first()).toHaveText('Complaints register')
  await expect(page.getByRole('searchbox', { name: 'What do you need to find?' })).toHaveValue('Beschwerde')
})
