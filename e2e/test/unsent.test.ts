import { motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import type { Page } from '@playwright/test'
import { FormPage } from '../pages/FormPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { expect, test } from '../src/test.ts'

/** What the browser asks before it leaves a page. The answer is to leave. */
function questions(page: Page): string[] {
  const asked: string[] = []
  page.on('dialog', (dialog) => {
    asked.push(dialog.type())
    void dialog.accept()
  })
  return asked
}

test('A reload asks before it loses what was typed, and nothing of it is kept in the browser', async ({
  page,
  guard,
}) => {
  guard.private('Nobodysname')
  const asked = questions(page)
  const form = await FormPage.open(page, 'find-customer', 'Find a customer')
  await form.field('Name').fill('Nobodysname')
  await page.reload()
  expect(asked).toEqual(['beforeunload'])
  await expect((await FormPage.on(page, 'Find a customer')).field('Name')).toHaveValue('')
})

test('What was typed before a look elsewhere is asked about too', async ({ page }) => {
  const asked = questions(page)
  const form = await FormPage.open(page, 'find-customer', 'Find a customer')
  await form.field('Place').fill('Hagen')
  await form.go('Data model')
  await expect(page).toHaveURL(/\/model/)
  await page.goBack()
  await expect((await FormPage.on(page, 'Find a customer')).field('Place')).toHaveValue('Hagen')
  await page.reload()
  expect(asked).toEqual(['beforeunload'])
})

test('Nothing is asked where nothing was typed, where the form was cleared, or where a search holds it', async ({
  page,
}) => {
  const asked = questions(page)
  const form = await FormPage.open(page, 'policy-file', 'Policy file')
  await page.reload()
  await form.field('Policy number').fill('1')
  await page.getByRole('button', { name: 'Clear the form' }).click()
  await page.reload()
  await form.field('Policy number').fill(motorPolicy.policyNumber)
  await form.submit.click()
  await ResultPage.on(page, motorPolicy.policyNumber)
  await page.reload()
  await page.getByRole('link', { name: 'Change the search' }).click()
  await FormPage.on(page, 'Policy file')
  await page.reload()
  await expect(form.field('Policy number')).toHaveValue(motorPolicy.policyNumber)
  expect(asked).toEqual([])
})
