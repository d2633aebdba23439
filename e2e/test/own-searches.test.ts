import { motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import { FormPage } from '../pages/FormPage.ts'
import { HistoryPage } from '../pages/HistoryPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { StartPage } from '../pages/StartPage.ts'
import { expect, test } from '../src/test.ts'

test.describe('History', () => {
  const note = `History ${Date.now()}`
  test.use({ purpose: note })

  test('lists what one searched, for what, with how many rows, and opens it as it was', async ({ page, archive }) => {
    const list = await archive.search('find-customer', { surname: 'Mayer', match: 'sound' })
    const file = await archive.search('policy-file', { policy_number: motorPolicy.policyNumber })
    const history = await HistoryPage.open(page)
    await expect(history.entry(note)).toHaveCount(2)
    const [newest, older] = [history.entry(note).first(), history.entry(note).last()]
    await expect(newest).toContainText('Policy file')
    await expect(newest).toContainText(`Policy number ${motorPolicy.policyNumber}`)
    await expect(older).toContainText('Find a customer')
    await expect(older).toContainText(`${list.panels[0]?.rows} rows`)
    await expect(older).toContainText(`System test: ${note}`)
    await newest.getByRole('link').click()
    const opened = await ResultPage.on(page, motorPolicy.policyNumber)
    expect(opened.search).toBe(file.id)
    await page.goBack()
    await HistoryPage.on(page)
    await history.entry(note).last().getByRole('link').click()
    const again = await ResultPage.on(page, 'Find a customer')
    await expect(again.panel('Customers found').rows).toHaveCount(list.panels[0]?.rows ?? -1)
  })
})

test.describe('The purpose', () => {
  test.use({ purpose: null })

  test('is asked before the first search, and a search without an answer is not made', async ({ page }) => {
    const form = await FormPage.open(page, 'policy-file', 'Policy file')
    await form.field('Policy number').fill(motorPolicy.policyNumber)
    await form.submit.click()
    const dialog = page.getByRole('dialog', { name: 'What are you working for?' })
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(dialog).toBeHidden()
    await FormPage.on(page, 'Policy file')
    await expect(form.field('Policy number')).toHaveValue(motorPolicy.policyNumber)
    await form.expectPurpose('not stated yet')
  })

  test('has to be chosen: an empty answer is refused in a sentence', async ({ page }) => {
    const start = await StartPage.open(page)
    const { dialog } = await start.changePurpose()
    await dialog.getByRole('button', { name: /^Work for this/ }).click()
    await expect(dialog.getByText('Choose a reason.')).toBeVisible()
    await dialog.getByRole('radio', { name: 'Customer enquiry' }).check()
    await dialog.getByRole('button', { name: /^Work for this/ }).click()
    await expect(dialog.getByText('Say in a sentence what you work for.')).toBeVisible()
    await expect(dialog.getByRole('textbox', { name: 'In a sentence' })).toBeFocused()
    await dialog.getByRole('radio', { name: 'A request with a reference' }).check()
    await dialog.getByRole('button', { name: /^Work for this/ }).click()
    await expect(dialog.getByText('Give the reference of the request.')).toBeVisible()
    await expect(dialog.getByRole('textbox', { name: 'Reference of the request' })).toBeFocused()
  })

  test('is shown on every page, changed in one step, and kept for the tab', async ({ page }) => {
    const start = await StartPage.open(page)
    const first = await start.changePurpose()
    await first.choose('Regulator’s request'.replace('’', "'"), 'Figures for 2024')
    await first.submit()
    for (const address of ['/', '/searches', '/applications/pas/model', '/settings']) {
      await page.goto(address)
      await start.expectPurpose("Regulator's request: Figures for 2024")
    }
    const second = await start.changePurpose()
    await second.dialog.getByRole('radio', { name: 'A request with a reference' }).check()
    await second.dialog.getByRole('textbox', { name: 'Reference of the request' }).fill('DSR-2026-0117')
    await second.submit()
    await start.expectPurpose('DSR-2026-0117')
    const form = await FormPage.open(page, 'policy-file', 'Policy file')
    await form.field('Policy number').fill(motorPolicy.policyNumber)
    await form.submit.click()
    await ResultPage.on(page, motorPolicy.policyNumber)
    await page.getByText('About this search').click()
    await expect(page.locator('.search-details')).toContainText('DSR-2026-0117')
  })
})

test('Pinned use cases stay pinned, recent ones are those one searched with', async ({ page, archive }) => {
  await archive.search('open-items', { open_on: '2024-12-31' })
  const start = await StartPage.open(page)
  await expect(start.list('Recent').filter({ hasText: 'Open items at a date' })).toBeVisible()
  await page.getByRole('button', { name: 'Pin Codes and their meaning' }).first().click()
  await expect(start.list('Pinned')).toHaveText(['Codes and their meaning'])
  await page.reload()
  await expect(start.list('Pinned')).toHaveText(['Codes and their meaning'])
  await page
    .getByRole('region', { name: 'Pinned' })
    .getByRole('button', { name: /Codes and their meaning/ })
    .click()
  await expect(start.list('Pinned')).toHaveCount(0)
})
