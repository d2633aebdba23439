import { motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import type { Page } from '@playwright/test'
import { FormPage } from '../pages/FormPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { SettingsPage } from '../pages/SettingsPage.ts'
import { expectAccessible } from '../src/axe.ts'
import { press, tabTo } from '../src/keyboard.ts'
import { expect, test } from '../src/test.ts'

const { validOn, before } = motorPolicy.correction

/** Inputs of the searches that a page sends. */
function inputsSent(page: Page): Record<string, unknown>[] {
  const sent: Record<string, unknown>[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/searches')) sent.push(request.postDataJSON().inputs)
  })
  return sent
}

test('Dates are typed as people write them, read back as they were understood, and sent as days', async ({ page }) => {
  const sent = inputsSent(page)
  const form = await FormPage.open(page, 'large-losses', 'Large losses')
  const from = form.field('Loss on or after')
  await expect(from).toHaveAttribute('placeholder', 'e.g. 5 Jul 2024')
  await expect(from).toHaveAccessibleDescription(/Write it as 5 Jul 2024, 05\.07\.2024 or 2024-07-05\./)
  await from.pressSequentially('01.01.2010')
  await press(page, 'Tab')
  await expect(from).toHaveValue('1 Jan 2010')
  await expect(page.getByRole('status').filter({ hasText: 'Read as 1 Jan 2010.' })).toBeAttached()
  const to = form.field('Loss on or before')
  await to.fill('Dec 31, 2019')
  await to.press('Enter')
  await ResultPage.on(page, 'Large losses')
  expect(sent).toEqual([expect.objectContaining({ loss_from: '2010-01-01', loss_to: '2019-12-31' })])
})

test('A date that could be two days is refused with both of them, and stays as it was typed', async ({ page }) => {
  const sent = inputsSent(page)
  const form = await FormPage.open(page, 'large-losses', 'Large losses')
  await form.field('Loss on or after').fill('05/07/2010')
  await form.field('Loss on or before').fill('31.12.19')
  await form.submit.click()
  await expect(form.summary.getByRole('link')).toHaveText([
    'Loss on or after could be 5 Jul 2010 or 7 May 2010. Write the month as a word.',
    'Loss on or before needs a year of four digits, such as 5 Jul 2024.',
  ])
  await expect(form.field('Loss on or after')).toHaveValue('05/07/2010')
  await expectAccessible(page, 'a form with dates that were refused')
  expect(sent).toEqual([])
})

test('The calendar beside a date is reached by keyboard, and what is chosen in it is read back', async ({ page }) => {
  const form = await FormPage.open(page, 'policy-file', 'Policy file')
  const validOnField = form.field('Valid on')
  await validOnField.focus()
  await tabTo(page, form.form.getByRole('button', { name: 'Valid on: choose from a calendar' }))
  await press(page, 'Enter', 'Escape')
  // The browser's own calendar is out of a page's reach: this is the field that it fills.
  await form.form.locator('.date-field__calendar').first().fill(validOn, { force: true })
  await expect(validOnField).toHaveValue('1 Oct 2019')
  await expect(validOnField).toBeFocused()
})

test('A file is shown as of dates typed with points, and says which it took', async ({ page, archive }) => {
  const search = await archive.search('policy-file', { policy_number: motorPolicy.policyNumber })
  const file = await ResultPage.open(page, search.id, motorPolicy.policyNumber)
  await page.getByLabel('Valid on', { exact: true }).fill('1.10.2019')
  const knownOn = page.getByLabel('Known on', { exact: true })
  await knownOn.fill('3/4/2020')
  await knownOn.press('Enter')
  await expect(page.getByRole('alert')).toHaveText(
    'Known on could be 3 Apr 2020 or 4 Mar 2020. Write the month as a word.',
  )
  await expect(knownOn).toBeFocused()
  await knownOn.fill('1. Januar 2020')
  await knownOn.press('Enter')
  await expect(file.titleBlock).toContainText('As valid on 1 Oct 2019, known on 1 Jan 2020')
  await expect(file.panel('Key facts').fact('Annual premium')).toHaveText(`${before.premium} EUR`)
})

test('Who has chosen ISO dates is shown and told them so', async ({ page }) => {
  const settings = await SettingsPage.open(page)
  await settings.page.getByRole('radio', { name: '2024-07-05' }).check()
  const form = await FormPage.open(page, 'policy-file', 'Policy file')
  const field = form.field('Valid on')
  await expect(field).toHaveAttribute('placeholder', 'e.g. 2024-07-05')
  await field.fill('1 Oct 2019')
  await field.blur()
  await expect(field).toHaveValue('2019-10-01')
})
