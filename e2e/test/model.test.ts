import { FormPage } from '../pages/FormPage.ts'
import { ModelPage } from '../pages/ModelPage.ts'
import { tabTo } from '../src/keyboard.ts'
import { expect, test } from '../src/test.ts'

test('The data model describes every table and column in words, with what the old system called it', async ({
  page,
}) => {
  const model = await ModelPage.open(page)
  await expect(page.locator('.model-table')).not.toHaveCount(0)
  expect(await page.locator('.model-table').count()).toBeGreaterThanOrEqual(24)
  const policies = model.table('policies')
  await expect(policies).toContainText('Policies')
  await policies.getByText(/^Columns \(\d+\)$/).click()
  const row = policies.locator('tbody tr').filter({ hasText: 'policy_number' }).first()
  await expect(row).toContainText('varchar')
  const cells = await policies
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((one) => [...one.querySelectorAll('td, th')].map((cell) => cell.textContent?.trim() ?? '')),
    )
  expect(cells.length).toBeGreaterThan(5)
  for (const texts of cells) expect(texts.some((text) => text.length > 12)).toBe(true)
})

test('A box of the diagram is reached by Tab and leads to its table by Enter', async ({ page }) => {
  const model = await ModelPage.open(page)
  const box = model.diagram('Customers').getByRole('link').first()
  await model.filter.focus()
  await tabTo(page, box)
  const name = await page.evaluate(() => document.activeElement?.getAttribute('href') ?? '')
  expect(name).toMatch(/^#table-/)
  await page.keyboard.press('Enter')
  const table = page.locator(name)
  await expect(table.locator('details')).toHaveAttribute('open', '')
  await expect(table.locator('summary')).toBeFocused()
  await expect(table).toBeInViewport()
})

test('A table leads to the use cases that read it', async ({ page }) => {
  const model = await ModelPage.open(page)
  await model.table('claim_payments').getByRole('link', { name: 'Claim file' }).click()
  await FormPage.on(page, 'Claim file')
})

test('Tables and columns are found by words, and by what they were called', async ({ page }) => {
  const model = await ModelPage.open(page)
  await model.filter.fill('beneficiary')
  await expect(page.getByRole('status').filter({ hasText: /tables?$/ })).toBeVisible()
  await expect(model.table('beneficiaries')).toBeVisible()
  await expect(model.table('invoices')).toHaveCount(0)
  await model.filter.fill('zeppelin')
  await expect(page.getByText('No table or column is described by these words.')).toBeVisible()
})
