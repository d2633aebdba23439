import { codeOf } from '@muniment/rehearsal/rehearse/second-factor'
import type { Page } from '@playwright/test'
import { CognitoPage } from '../pages/CognitoPage.ts'
import { FormPage } from '../pages/FormPage.ts'
import { Frame } from '../pages/Frame.ts'
import { StartPage } from '../pages/StartPage.ts'
import { personOf, requiredAws } from '../src/setting.ts'
import { reader, signInAtProvider } from '../src/signed-in.ts'
import { expect, test } from '../src/test.ts'

// Each of these signs in and out by itself.
test.use({ storageState: { cookies: [], origins: [] } })

async function signIn(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await signInAtProvider(page, reader.name)
}

test('Cognito asks for a password and a code, takes no wrong one, and leads to the address that was asked for', async ({
  page,
}) => {
  const person = personOf(requiredAws(), reader.name)
  await page.goto('/applications/pas/use-cases/policy-file')
  const cognito = await CognitoPage.on(page)
  await cognito.givePassword(person, 'Not-the-password-1')
  await expect(page.getByText('Incorrect username or password.')).toBeVisible()
  await cognito.givePassword(person, person.password)
  const right = codeOf(person.secret, new Date())
  await cognito.giveCode(right === '123456' ? '654321' : '123456')
  await expect(page.getByRole('alert')).toContainText('The code is not right.')
  await cognito.giveCode(codeOf(person.secret, new Date()))
  const form = await FormPage.on(page, 'Policy file')
  await expect(page).toHaveURL(/\/applications\/pas\/use-cases\/policy-file$/)
  await expect(form.header).toContainText(person.name)
  await expect(form.header).toContainText('data protection')
})

test('A reload keeps one signed in and at the same address, and nothing of a token is kept in the browser', async ({
  page,
}) => {
  await signIn(page, '/applications/pas/model')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.reload()
  await expect(new Frame(page).header).toContainText(reader.name)
  await expect(page).toHaveURL(/\/applications\/pas\/model$/)
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]))
  expect(kept).not.toMatch(/eyJ|refresh|verifier/)
})

test('A token that the gateway refuses is renewed once at Cognito, and the request repeated unseen', async ({
  page,
  guard,
}) => {
  guard.expectConsole(/status of 401/)
  await signIn(page, '/')
  await StartPage.on(page)
  const renewals: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/oauth2/token')) renewals.push(request.postData() ?? '')
  })
  const refused: number[] = []
  page.on('response', (response) => {
    if (response.status() === 401) refused.push(response.status())
  })
  const broken = new Set<string>()
  await page.route('**/api/**', (route) => {
    const headers = route.request().headers()
    const token = headers.authorization ?? ''
    if (broken.size === 0) broken.add(token)
    return broken.has(token)
      ? route.continue({ headers: { ...headers, authorization: `${token.slice(0, -20)}${'A'.repeat(20)}` } })
      : route.continue()
  })
  await new Frame(page).go('Data model')
  await expect(page.getByRole('heading', { level: 1, name: /model/i })).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  expect(refused.length).toBeGreaterThan(0)
  expect(renewals).toHaveLength(1)
  expect(renewals[0]).toContain('grant_type=refresh_token')
})

test('Signing out ends the session at Cognito too: it asks for the password again', async ({ page }) => {
  await signIn(page, '/')
  await StartPage.on(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'You are signed out' })).toBeVisible()
  await expect(page).toHaveURL(/\/signed-out$/)
  await page.goto('/')
  const cognito = await CognitoPage.on(page)
  await expect(cognito.password).toBeVisible()
})
