import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import { FormPage } from '../pages/FormPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { expect, test } from '../src/own-server.ts'

test('The form says what a search reads at most, as soon as it could be begun', async ({ page }) => {
  const form = await FormPage.open(page, 'policy-file', 'Policy file')
  const cost = form.form.getByRole('status')
  await expect(cost).toBeEmpty()
  const number = form.field('Policy number')
  await number.pressSequentially(motorPolicy.policyNumber)
  await expect(cost).toHaveText(/^Reads \d+(\.\d+)? (kB|MB) at most$/)
  await expect(number).toBeFocused()
  await number.fill('12')
  await expect(cost).toBeEmpty()
  await number.fill(motorPolicy.policyNumber)
  await number.press('Enter')
  const result = await ResultPage.on(page, motorPolicy.policyNumber)
  await expect(result.page.locator('.facts').first()).toHaveText(/ read of at most \d+(\.\d+)? (kB|MB) · /)
})

test('A search above its budget is said to be refused, and is, with who can help; what was typed stays', async ({
  page,
  guard,
  ownServer,
}) => {
  guard.expectConsole(/status of 422/)
  const file = join(ownServer.templates, 'pas/use-cases/find-customer.json')
  const before = await readFile(file, 'utf8')
  await writeFile(file, JSON.stringify({ ...JSON.parse(before), budget: { bytes: 1000 } }))
  try {
    const form = await FormPage.open(page, 'find-customer', 'Find a customer')
    const place = form.field('Place')
    await place.fill('Hagen')
    await expect(form.form.getByRole('status')).toContainText('It will be refused.')
    await form.submit.click()
    const problem = page.getByRole('alert').filter({ hasText: 'More than this search may read' })
    await expect(problem).toContainText('a search of this kind may read 1 kB')
    await expect(problem).toContainText('Nothing was read.')
    await expect(place).toHaveValue('Hagen')
  } finally {
    await writeFile(file, before)
  }
})
