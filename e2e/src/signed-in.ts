import { join } from 'node:path'
import { askOwner } from '@muniment/archive/home/control-client'
import type { Browser, BrowserContext } from '@playwright/test'
import { SignInPage } from '../pages/SignInPage.ts'
import { StartPage } from '../pages/StartPage.ts'

export type SignedIn = Awaited<ReturnType<BrowserContext['storageState']>>

/** Who tests are where nothing else is said: somebody who may see everything that they look at. */
export const reader = { id: 'mira.kovacs', name: 'Mira Kovács' }

/** Signs in by the page, and gives the cookies that the provider knows the browser by. */
export async function signInOnce(browser: Browser, url: string): Promise<SignedIn> {
  const context = await browser.newContext({ baseURL: url })
  const page = await context.newPage()
  await page.goto('/')
  await (await SignInPage.onSample(page)).choose(reader.name)
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
