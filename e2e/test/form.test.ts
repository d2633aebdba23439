import { juergen, motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import { FormPage } from '../pages/FormPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { StartPage } from '../pages/StartPage.ts'
import { expect, test } from '../src/test.ts'

test('Fields carry labels, hints and examples, and Enter searches', async ({ page }) => {
  const form = await FormPage.open(page, 'policy-file', 'Policy file')
  const number = form.field('Policy number')
  await expect(number).toHaveAttribute('placeholder', motorPolicy.policyNumber)
  await expect(number).toHaveAccessibleDescription(/Nine digits/)
  await number.fill('100 000 025')
  await number.press('Enter')
  await ResultPage.on(page, motorPolicy.policyNumber)
})

test('A missing input is named beside its field and in a summary that takes the focus', async ({ page }) => {
  const form = await FormPage.open(page, 'large-losses', 'Large losses')
  await form.submit.click()
  await expect(form.summary).toBeFocused()
  const messages = form.summary.getByRole('link')
  await expect(messages).toHaveText(['Enter loss on or after.', 'Enter loss on or before.'])
  const from = form.field('Loss on or after')
  await expect(from).toHaveAttribute('aria-invalid', 'true')
  await expect(from).toHaveAccessibleDescription(/Enter loss on or after\./)
  await messages.first().click()
  await expect(from).toBeFocused()
  await from.fill('2010-01-01')
  await expect(from).not.toHaveAttribute('aria-invalid', 'true')
  await form.submit.click()
  await expect(form.summary).toBeFocused()
  await expect(messages).toHaveText(['Enter loss on or before.'])
  await expect(from).toHaveValue('1 Jan 2010')
})

test('A malformed input is told what it should look like, before anything is sent', async ({ page }) => {
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().includes('/api/')) sent.push(request.url())
  })
  const form = await FormPage.open(page, 'large-losses', 'Large losses')
  await form.field('Loss on or after').fill('2010-01-01')
  await form.field('Loss on or before').pressSequentially('31')
  await form.field('At least').fill('a million')
  await form.submit.click()
  await expect(form.summary).toContainText(
    'Loss on or before must be a whole date: day, month and year, such as 5 Jul 2024.',
  )
  await expect(form.summary).toContainText('At least must be a number')
  await expect(form.field('At least')).toHaveValue('a million')

  const policy = await FormPage.open(page, 'policy-file', 'Policy file')
  await policy.field('Policy number').fill('12 345')
  await policy.submit.click()
  await expect(policy.summary).toContainText('A policy number has nine digits, such as 100000025.')
  await expect(policy.field('Policy number')).toHaveAccessibleDescription(/has nine digits/)
  expect(sent).toEqual([])
})

test('Of several inputs one at least is asked for', async ({ page }) => {
  const form = await FormPage.open(page, 'find-customer', 'Find a customer')
  await form.submit.click()
  await expect(form.summary).toContainText(/Enter name, given name, date of birth, .* or telephone\./)
  await form.field('Place').fill('Hagen')
  await form.submit.click()
  await ResultPage.on(page, 'Find a customer')
})

test('What the server refuses is shown beside the field too, with what was typed', async ({ page, context, guard }) => {
  guard.expectConsole(/status of 400/)
  // The page checks the pattern itself: here it is made to believe that anything goes, so that the server has to say it.
  await context.route('**/api/applications/pas/use-cases', async (route) => {
    const response = await route.fetch()
    const useCases = (await response.json()) as { parameters: { pattern?: unknown }[] }[]
    for (const useCase of useCases) for (const parameter of useCase.parameters) delete parameter.pattern
    await route.fulfill({ response, json: useCases })
  })
  const form = await FormPage.open(page, 'policy-file', 'Policy file')
  await form.field('Policy number').fill('12 345')
  await form.field('Valid on').fill('2019-10-01')
  await form.submit.click()
  await expect(form.summary).toBeFocused()
  await expect(form.summary).toContainText('A policy number has nine digits, such as 100000025.')
  await expect(form.field('Policy number')).toHaveAccessibleDescription(/has nine digits/)
  await expect(form.field('Policy number')).toHaveValue('12 345')
  await expect(form.field('Valid on')).toHaveValue('1 Oct 2019')
})

test('What was typed survives a look elsewhere, and a search that is to be changed', async ({ page }) => {
  const form = await FormPage.open(page, 'find-customer', 'Find a customer')
  await form.field('Name').fill('Mueller Luedenscheid')
  await form.field('Place').fill('Nowhere at all')
  await form.go('Data model')
  await expect(page).toHaveURL(/\/model/)
  await page.goBack()
  const again = await FormPage.on(page, 'Find a customer')
  await expect(again.field('Name')).toHaveValue('Mueller Luedenscheid')
  await again.submit.click()
  const empty = await ResultPage.on(page, 'Find a customer')
  await expect(empty.panel('Customers found').region.locator('.m-empty')).toBeVisible()

  await page.getByRole('link', { name: 'Change the search' }).click()
  const change = await FormPage.on(page, 'Find a customer')
  await expect(change.field('Place')).toHaveValue('Nowhere at all')
  await page.reload()
  await expect((await FormPage.on(page, 'Find a customer')).field('Name')).toHaveValue('Mueller Luedenscheid')
  await change.field('Place').fill('')
  await change.submit.click()
  const found = await ResultPage.on(page, 'Find a customer')
  await expect(found.panel('Customers found').row(juergen.customerNumber)).toBeVisible()
})

test('An example fills the form, and the form can be cleared', async ({ page }) => {
  const form = await FormPage.open(page, 'large-losses', 'Large losses')
  await page.getByRole('button', { name: 'Losses of two million and more in ten years' }).click()
  await expect(form.field('At least')).toHaveValue('2000000')
  await expect(form.field('Loss on or after')).toHaveValue('1 Jan 2010')
  await page.getByRole('button', { name: 'Clear the form' }).click()
  await expect(form.field('Loss on or after')).toHaveValue('')
  await expect(form.field('At least')).toHaveValue('100000.00')
})

test('One record found opens at once, and Back leads to the form', async ({ page }) => {
  const start = await StartPage.open(page)
  await start.openUseCase('Find a policy')
  const form = await FormPage.on(page, 'Find a policy')
  await form.field('Licence plate').fill('mk jl 57')
  await form.submit.click()
  const file = await ResultPage.on(page, motorPolicy.policyNumber)
  await expect(file.heading).toBeFocused()
  await page.goBack()
  await expect((await FormPage.on(page, 'Find a policy')).field('Licence plate')).toHaveValue('mk jl 57')
})

test('What an amount is in stands behind its field, and is part of what the field is said to be', async ({ page }) => {
  const form = await FormPage.open(page, 'large-losses', 'Large losses')
  const field = form.field('At least')
  await expect(field).toHaveAccessibleDescription(/in the claim's currency/)
  await expect(page.locator('.field__unit')).toHaveText("in the claim's currency")
})
