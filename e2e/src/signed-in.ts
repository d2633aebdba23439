import { join } from 'node:path'
import { askOwner } from '@muniment/archive/home/control-client'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { CognitoPage } from '../pages/CognitoPage.ts'
import { SignInPage } from '../pages/SignInPage.ts'
import { StartPage } from '../pages/StartPage.ts'
import { awsSetting, personOf } from './setting.ts'

export type SignedIn = Awaited<ReturnType<BrowserContext['storageState']>>

/** Who tests are where nothing else is said: somebody who may see everything that they look at. */
export const reader = { id: 'mira.kovacs', name: 'Mira Kovács' }

/** At the provider's page: as the demonstration's person of this name, or as the one in Cognito. */
export async function signInAtProvider(page: Page, name: string): Promise<void> {
  const aws = awsSetting()
  if (aws) await (await CognitoPage.on(page)).signIn(personOf(aws, name))
  else await (await SignInPage.onSample(page)).choose(name)
}

/** Signs in by the page, and gives the cookies that the provider knows the browser by. */
export async function signInOnce(browser: Browser, url: string): Promise<SignedIn> {
  const context = await browser.newContext({ baseURL: url, ignoreHTTPSErrors: awsSetting() !== undefined })
  const page = await context.newPage()
  await page.goto('/')
  await signInAtProvider(page, reader.name)
  await StartPage.on(page)
  const { cookies } = await context.storageState()
  await context.close()
  return { cookies, origins: [] }
}

/** A token of the reader, for requests without a browser. */
export async function readersToken(home: string): Promise<string> {
  const outcome = await askOwner(join(home, '.work'), { op: 'token', person: reader.id })
  const token = typeof outcome === 'string' ? undefined : outcome.reply.token
  if (token === undefined) throw new Error(`The server gave no token: ${JSON.stringify(outcome)}`)
  return token
}
