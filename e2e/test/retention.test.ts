import type { Page } from '@playwright/test'
import { DuePage } from '../pages/DuePage.ts'
import { RunPage } from '../pages/RunPage.ts'
import { expectAccessible } from '../src/axe.ts'
import { expect, test } from '../src/own-server.ts'
import { people, signInAs } from '../src/people.ts'

// One story: what one does, the next finds.
test.describe.configure({ mode: 'serial' })
test.use({ storageState: { cookies: [], origins: [] } })
test.setTimeout(240_000)

const others = 'Policies of all other lines'
const matter = 'LG Hamburg 302 O 118/24'
let run = ''
let records = 0
let held = ''
let destroyed = ''

async function accessibleInBoth(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expectAccessible(page, `${where}, ${colorScheme}`)
  }
}

test('A records manager sees what falls due, and plans a destruction that destroys nothing', async ({
  page,
  guard,
}) => {
  await signInAs(page, people.records)
  const due = await DuePage.open(page)
  const [dueNow = 0] = await due.figures('Policies', others)
  expect(dueNow).toBeGreaterThan(2)
  await accessibleInBoth(page, 'what falls due')

  const plan = await due.plan('Policies')
  await expect(plan.state).toHaveText('waits for approval')
  run = plan.id
  records = await plan.records()
  expect(records).toBeGreaterThanOrEqual(dueNow)
  ;[held = '', destroyed = ''] = await plan.dueLongest(others)
  guard.private(held, destroyed)
  await expect(plan.decision).toContainText('It waits for a second person')
  await expect(plan.decision.getByRole('textbox')).toHaveCount(0)
  await accessibleInBoth(page, 'a plan')
})

test('A hold is placed only after what it covers was shown, and then stands at once', async ({ page, guard }) => {
  guard.private(held)
  await signInAs(page, people.records)
  await page.goto('/retention/holds/new')
  await page.getByRole('button', { name: 'Place the hold' }).click()
  const summary = page.getByRole('alert', { name: 'The hold is not placed yet' })
  await expect(summary).toBeFocused()
  await expect(summary).toContainText('Enter the matter.')
  await expectAccessible(page, 'a hold that is not placed yet')

  await page.getByRole('textbox', { name: 'Matter' }).fill(matter)
  await page.getByRole('textbox', { name: 'Authority' }).fill('Landgericht Hamburg')
  await page.getByRole('textbox', { name: 'Reason' }).fill('The file is evidence in the proceedings.')
  await page.getByRole('combobox', { name: 'Kind of record' }).selectOption({ label: 'Policies (Policies)' })
  await page.getByRole('textbox', { name: 'Policy number' }).fill(held)
  await page.getByRole('button', { name: 'Place the hold' }).click()
  await expect(summary).toContainText('See what it would protect before you place it.')
  await page.getByRole('button', { name: 'See what it would protect' }).click()
  const preview = page.getByRole('region', { name: 'It would protect' })
  await expect(preview.getByRole('row', { name: /^Policies 1$/ })).toBeVisible()
  await accessibleInBoth(page, 'what a hold would protect')
  await page.getByRole('button', { name: 'Place the hold' }).click()

  await expect(page.getByRole('heading', { level: 1, name: matter })).toBeVisible()
  await expect(page.locator('.title-block .m-tag')).toHaveText('held')
  await expect(page.getByRole('region', { name: 'What was said of it' })).toContainText('Placed, henrik.lund')
  await accessibleInBoth(page, 'a hold')
})

test('The second person types the number that is destroyed: another is refused', async ({ page }) => {
  await signInAs(page, people.approval)
  const plan = await RunPage.open(page, run)
  const number = plan.decision.getByRole('textbox', { name: /type how many records/ })
  const approve = plan.decision.getByRole('button', { name: 'Approve the destruction' })
  await approve.click()
  await expect(number).toBeFocused()
  await number.fill(String(records + 1))
  await approve.click()
  await expect(number).toHaveAccessibleDescription(/That is another number/)
  await accessibleInBoth(page, 'a number refused')
  await number.fill(String(records))
  await approve.click()
  await expect(plan.state).toHaveText('approved, nothing destroyed yet')
  await expect(plan.execution).toContainText('waits to be carried out')
})

test('What was approved is destroyed but for what is held, and certified', async ({ page }) => {
  await signInAs(page, people.records)
  const plan = await RunPage.open(page, run)
  const number = plan.execution.getByRole('textbox', { name: /type how many records/ })
  await number.fill('1')
  await plan.execution.getByRole('button', { name: 'Destroy these records' }).click()
  await expect(number).toHaveAccessibleDescription(/That is another number/)
  await number.fill(String(records))
  await plan.execution.getByRole('button', { name: 'Destroy these records' }).click()
  await expect(plan.state).toHaveText('destroyed and certified', { timeout: 180_000 })

  await page.getByRole('link', { name: 'Read the certificate' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Certificate of destruction' })).toBeVisible()
  await expect(page.getByText(`${(records - 1).toLocaleString('en-GB')} records of Policies`)).toBeVisible()
  await expect(page.getByText('The signature is right')).toBeVisible()
  await expect(page.getByText(/had come to be held, and (was|were) kept/)).toBeVisible()
  await accessibleInBoth(page, 'a certificate')
})

test('A held record says that it is held, to who may know for what; a destroyed one is not found', async ({
  page,
  archive,
  guard,
}) => {
  guard.private(held, destroyed)
  const file = await archive.search('policy-file', { policy_number: held })
  await signInAs(page, 'Mira Kovács')
  await page.goto(`/searches/${file.id}`)
  await page.getByText('Why is this still here?').click()
  await expect(page.getByText('It is held.')).toBeVisible()
  await expect(page.getByText(matter)).toHaveCount(0)
  await accessibleInBoth(page, 'why a record is still here')

  const gone = await archive.search('policy-file', { policy_number: destroyed })
  expect(gone.panels.map(({ rows }) => rows ?? 0).reduce((sum, rows) => sum + rows, 0)).toBe(0)
})

test('An auditor reads runs and schedules and decides nothing; a searcher finds nothing there', async ({ page }) => {
  await signInAs(page, people.audit)
  await RunPage.open(page, run)
  await expect(page.getByRole('button', { name: /Approve|Destroy|Pause|Cancel/ })).toHaveCount(0)
  await page.getByRole('navigation', { name: 'Retention' }).getByRole('link', { name: 'Schedules' }).click()
  await expect(page.getByRole('region', { name: 'Policies', exact: true })).toContainText('Kept')
  await expect(page.getByRole('button', { name: /Propose|Approve/ })).toHaveCount(0)
  await accessibleInBoth(page, 'schedules')

  await signInAs(page, people.service)
  await expect(page.getByRole('link', { name: 'Retention' })).toHaveCount(0)
  await page.goto('/retention')
  await expect(page.getByRole('heading', { name: 'There is nothing at this address for you' })).toBeVisible()
})
