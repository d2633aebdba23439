import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { localUsers } from '@muniment/archive/identity/users'
import { motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import type { Page } from '@playwright/test'
import { FormPage } from '../pages/FormPage.ts'
import { Frame } from '../pages/Frame.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { SignInPage } from '../pages/SignInPage.ts'
import { StartPage } from '../pages/StartPage.ts'
import { expectAccessible } from '../src/axe.ts'
import { required, serversHome } from '../src/environment.ts'
import { startServer } from '../src/server.ts'
import { reader } from '../src/signed-in.ts'
import { expect, test } from '../src/test.ts'

// Each of these signs in and out by itself.
test.use({ storageState: { cookies: [], origins: [] } })

async function signIn(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await (await SignInPage.onSample(page)).choose(reader.name)
}

async function expectSignedOut(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: 'You are signed out' })).toBeVisible()
  await expect(page).toHaveURL(/\/signed-out$/)
  await expect(page.getByRole('banner')).toHaveCount(0)
}

test('Who is not signed in chooses a person of the demonstration and gets to the address they asked for', async ({
  page,
}) => {
  await page.goto('/applications/pas/use-cases/policy-file')
  const signInPage = await SignInPage.onSample(page)
  await expect(page.getByText('This is a demonstration.')).toBeVisible()
  await expectAccessible(page, 'the sign-in page')
  await signInPage.choose(reader.name)
  const form = await FormPage.on(page, 'Policy file')
  await expect(page).toHaveURL(/\/applications\/pas\/use-cases\/policy-file$/)
  await expect(form.header).toContainText(reader.name)
  await expect(form.header).toContainText('data protection')
})

test('The sign-in page works without scripts', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL: baseURL ?? '', javaScriptEnabled: false })
  const page = await context.newPage()
  const query = new URLSearchParams({
    client_id: 'muniment-web',
    response_type: 'code',
    scope: 'openid profile',
    redirect_uri: `${baseURL}/signed-in`,
    state: 's',
    code_challenge: createHash('sha256').update('v'.repeat(43)).digest('base64url'),
    code_challenge_method: 'S256',
  })
  await page.goto(`/oidc/auth?${query}`)
  await (await SignInPage.onSample(page)).choose(reader.name)
  await expect(page).toHaveURL(/\/signed-in\?code=/)
  await context.close()
})

test('A reload keeps one signed in and at the same address, and nothing of a token is kept in the browser', async ({
  page,
}) => {
  await signIn(page, '/applications/pas/model')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const visited: string[] = []
  page.on('framenavigated', (frame) => visited.push(new URL(frame.url()).pathname))
  await page.reload()
  await expect(new Frame(page).header).toContainText(reader.name)
  await expect(page).toHaveURL(/\/applications\/pas\/model$/)
  expect(visited.filter((path) => path.startsWith('/oidc/sign-in'))).toEqual([])
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]))
  expect(kept).not.toMatch(/eyJ|refresh|verifier/)
  const seen = await page.context().cookies()
  expect(seen.every(({ httpOnly, sameSite }) => httpOnly && sameSite === 'Strict')).toBe(true)
})

test('Signing out in one tab ends it in the other, and Back shows no record in either', async ({ context, page }) => {
  await signIn(page, '/')
  await StartPage.on(page)
  const form = await FormPage.open(page, 'policy-file', 'Policy file')
  await form.field('Policy number').fill(motorPolicy.policyNumber)
  await form.submit.click()
  const { search } = await ResultPage.on(page, motorPolicy.policyNumber)
  const other = await context.newPage()
  await ResultPage.open(other, search, motorPolicy.policyNumber)
  // The record is what Back would lead to.
  for (const tab of [page, other]) await new Frame(tab).go('Data model')
  for (const tab of [page, other]) await expect(tab).toHaveURL(/\/model$/)

  await page.getByRole('button', { name: 'Sign out' }).click()
  await expectSignedOut(page)
  await expectSignedOut(other)
  for (const tab of [page, other]) {
    await tab.goBack()
    await SignInPage.onSample(tab)
    expect(await tab.evaluate(() => sessionStorage.getItem('muniment.sign-in'))).toContain(`/searches/${search}`)
    await expect(tab.locator('body')).not.toContainText(motorPolicy.policyNumber)
  }
})

test('A session that ended loses nothing that was typed: one signs in again in another window, and the page goes on', async ({
  browser,
  baseURL,
  context,
  page,
  guard,
}) => {
  guard.expectConsole(/Failed to load resource/)
  await signIn(page, '/applications/pas/use-cases/policy-file')
  const form = await FormPage.on(page, 'Policy file')
  await form.field('Policy number').fill(motorPolicy.policyNumber)

  // The same session, ended from elsewhere: no message reaches this browser.
  const elsewhere = await browser.newContext({ baseURL: baseURL ?? '', storageState: await context.storageState() })
  const there = await elsewhere.newPage()
  await StartPage.open(there)
  await there.getByRole('button', { name: 'Sign out' }).click()
  await expectSignedOut(there)
  await elsewhere.close()
  // Its access token would be good for some minutes yet.
  let refusals = 0
  await page.route('**/api/searches', (route) =>
    refusals++ === 0 ? route.fulfill({ status: 401, body: '{}' }) : route.continue(),
  )

  await form.submit.click()
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
  await expectAccessible(page, 'the question whether to sign in again')
  await dialog.getByRole('button', { name: 'Not now' }).click()
  await expect(page.getByRole('alert')).toContainText('Nothing you typed is lost.')
  await expect(form.field('Policy number')).toHaveValue(motorPolicy.policyNumber)

  refusals = 0
  await form.submit.click()
  const opened = context.waitForEvent('page')
  await dialog.getByRole('button', { name: 'Sign in again' }).click()
  const other = await opened
  const closed = other.waitForEvent('close')
  await (await SignInPage.onSample(other)).choose(reader.name)
  await closed
  await ResultPage.on(page, motorPolicy.policyNumber)
})

test('Somebody else who signs in for an ended session sees nothing of the first one', async ({
  context,
  page,
  guard,
}) => {
  guard.expectConsole(/Failed to load resource/)
  await signIn(page, '/applications/pas/use-cases/policy-file')
  const form = await FormPage.on(page, 'Policy file')
  await form.field('Policy number').fill(motorPolicy.policyNumber)
  await context.clearCookies()
  await page.route('**/oidc/token', (route) => route.fulfill({ status: 400, body: '{}' }), { times: 1 })
  await page.route('**/api/searches', (route) => route.fulfill({ status: 401, body: '{}' }), { times: 1 })
  page.on('dialog', (dialog) => void dialog.accept())
  await form.submit.click()
  const opened = context.waitForEvent('page')
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in again' }).click()
  await (await SignInPage.onSample(await opened)).choose('Lena Hart')
  const start = await StartPage.on(page)
  await expect(start.header).toContainText('Lena Hart')
  await page.goBack()
  await expect(page.locator('body')).not.toContainText(motorPolicy.policyNumber)
})

test('A token that is refused before its time is renewed once, and the request repeated, without anybody noticing', async ({
  page,
  guard,
}) => {
  guard.expectConsole(/Failed to load resource/)
  await signIn(page, '/')
  await StartPage.on(page)
  const renewals: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/oidc/token')) renewals.push(request.postData() ?? '')
  })
  const refused = new Set<string>()
  await page.route('**/api/**', (route) => {
    const token = route.request().headers().authorization ?? ''
    if (refused.size === 0) refused.add(token)
    return refused.has(token) ? route.fulfill({ status: 401, body: '{}' }) : route.continue()
  })
  await new Frame(page).go('Data model')
  await expect(page.getByRole('heading', { level: 1, name: /model/i })).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  expect(renewals).toHaveLength(1)
  expect(renewals[0]).toContain('grant_type=refresh_token')
})

for (const [what, minutes] of [
  ['five minutes ahead', 5],
  ['five minutes behind', -5],
] as const) {
  test(`A browser whose clock is ${what} signs in, searches and is not asked to sign in again`, async ({ page }) => {
    const refused: string[] = []
    const renewals: string[] = []
    page.on('response', (response) => {
      if (response.status() === 401) refused.push(response.url())
      if (response.request().postData()?.includes('grant_type=refresh_token')) renewals.push(response.url())
    })
    await page.addInitScript((ms) => {
      const now = Date.now.bind(Date)
      Date.now = () => now() + ms
    }, minutes * 60_000)
    await signIn(page, '/applications/pas/use-cases/policy-file')
    const form = await FormPage.on(page, 'Policy file')
    await form.field('Policy number').fill(motorPolicy.policyNumber)
    await form.submit.click()
    await ResultPage.on(page, motorPolicy.policyNumber)
    expect(refused).toEqual([])
    expect(renewals).toEqual([])
    await expect(page.getByRole('dialog')).toHaveCount(0)
  })
}

test('A clock that is set on while a form is half typed renews the session unseen and keeps what was typed', async ({
  page,
}) => {
  await signIn(page, '/applications/pas/use-cases/find-customer')
  const form = await FormPage.on(page, 'Find a customer')
  await form.field('Name').fill('Nobodysname')
  await page.evaluate(() => {
    const now = Date.now.bind(Date)
    Date.now = () => now() + 11 * 60_000
  })
  const renewed = page.waitForRequest((request) => request.url().endsWith('/oidc/token'))
  await form.field('Place').fill('Hagen')
  await form.submit.click()
  expect((await renewed).postData()).toContain('grant_type=refresh_token')
  await expect(page).toHaveURL(/\/searches\/[0-9a-f-]{36}$/)
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.getByRole('link', { name: 'Change the search' }).click()
  await expect((await FormPage.on(page, 'Find a customer')).field('Name')).toHaveValue('Nobodysname')
})

test('A local user signs in with the right password only', async ({ browser }) => {
  test.setTimeout(240_000)
  const server = await startServer({ recordsOf: required(serversHome) })
  try {
    const users = localUsers(join(server.home, 'secrets'))
    await users.add({ id: 'ada', name: 'Ada Byron', groups: ['data-protection'] }, 'correct horse battery')
    const context = await browser.newContext({ baseURL: server.url })
    const page = await context.newPage()
    await page.goto('/settings')
    const signInPage = await SignInPage.onPassword(page)
    await expectAccessible(page, 'the page that asks for a password')
    await expect(page.getByText('demonstration')).toHaveCount(0)
    await signInPage.signIn('ada', 'wrong')
    await expect(signInPage.problem).toContainText('The user name or the password is not right.')
    await expect(signInPage.password).toHaveValue('')
    await signInPage.signIn('ada', 'correct horse battery')
    await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
    await expect(new Frame(page).header).toContainText('Ada Byron')
    await context.close()
  } finally {
    await server.stop()
  }
})
