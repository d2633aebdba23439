import { juergen, motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import type { Page } from '@playwright/test'
import { ContextGuard } from '../src/guard.ts'
import { expectToFit } from '../src/reach.ts'
import { expect, test } from '../src/test.ts'

/** What every test relies on has to see what it is there for. */
const offences: readonly (readonly [what: string, seen: RegExp, offend: (page: Page) => Promise<unknown>])[] = [
  ['an error in the console', /Error in the console: broken/, (page) => page.evaluate(() => console.error('broken'))],
  [
    'an exception nobody caught',
    /Uncaught in the page: .*thrown/,
    (page) =>
      page.evaluate(() => {
        setTimeout(() => {
          throw new Error('thrown')
        }, 0)
      }),
  ],
  [
    'a violation of the content policy',
    /The content policy was violated: style-src/,
    (page) => page.evaluate(() => document.body.setAttribute('style', 'color: red')),
  ],
  [
    'a request to somewhere else',
    /Fetched from elsewhere: http:\/\/127\.0\.0\.1:9\//,
    (page) => page.evaluate(() => location.assign('http://127.0.0.1:9/')),
  ],
  [
    'a name in an address that is navigated to',
    /"muller-ludenscheidt, jurgen" in address/,
    (page) =>
      page.evaluate((name) => history.pushState({}, '', `/?q=${encodeURIComponent(name)}`), juergen.displayName),
  ],
  [
    'a policy number in an address that is fetched',
    /"100000025" in address/,
    (page) => page.evaluate((number) => fetch(`/api/health?about=${number}`), motorPolicy.policyNumber),
  ],
  [
    'a date of birth in the title',
    /"1957-03-14" in title/,
    (page) =>
      page.evaluate((birth) => {
        document.title = birth
      }, juergen.birthDate),
  ],
  [
    'a record in the storage of the browser',
    /"k10000001" in storage/,
    (page) => page.evaluate((number) => localStorage.setItem('last', number), juergen.customerNumber),
  ],
]

for (const [what, seen, offend] of offences) {
  test(`The guard of every test sees ${what}`, async ({ browser, baseURL, signedIn }) => {
    const context = await browser.newContext({ baseURL: baseURL ?? '', storageState: signedIn })
    const guard = new ContextGuard(baseURL ?? '')
    await guard.watch(context)
    const page = await context.newPage()
    await page.goto('/settings')
    await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
    await offend(page)
    await expect(async () => {
      await expect(guard.assess(context)).rejects.toThrow(seen)
    }).toPass({ timeout: 10_000 })
    await context.close()
  })
}

test('A page that is too wide is seen to be', async ({ page }) => {
  test.fail(true, 'expectToFit reports it')
  await page.setViewportSize({ width: 320, height: 640 })
  await page.goto('/settings')
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
  await page.evaluate(() => {
    const wide = document.createElement('input')
    wide.animate([{ inlineSize: '60rem', maxInlineSize: 'none' }, { inlineSize: '60rem' }], 1e9)
    document.getElementById('content')?.append(wide)
  })
  await expectToFit(page, 'a page')
})
