import { requiredAws } from '../src/setting.ts'
import { expect, test } from '../src/test.ts'

const pages = ['/', '/applications/pas/model', '/no/such/page'] as const

test('Every answer has the headers that CloudFront was told, of pages, files, the API and what is not there', async ({
  page,
  guard,
}) => {
  guard.expectConsole(/status of 40[134]/)
  const { headers } = requiredAws()
  await page.goto('/signed-out')
  const files = await page
    .locator('script[src], link[rel=stylesheet]')
    .evaluateAll((elements) => elements.map((one) => one.getAttribute('src') ?? one.getAttribute('href') ?? ''))
  expect(files.length).toBeGreaterThan(1)
  const statuses = {
    ...Object.fromEntries([...pages, ...files].map((path) => [path, 200])),
    '/assets/no-such-file.js': 404,
    '/no-such-file.png': 404,
    '/sign-in.json': 200,
    '/api/health': 200,
    '/api/me': 401,
  }
  const answers = await page.evaluate(
    (paths) =>
      Promise.all(
        paths.map(async (path) => {
          const answer = await fetch(path, { credentials: 'omit' })
          return { path, status: answer.status, headers: Object.fromEntries(answer.headers) }
        }),
      ),
    Object.keys(statuses),
  )
  expect(Object.fromEntries(answers.map(({ path, status }) => [path, status]))).toEqual(statuses)
  for (const { path, headers: given } of answers) expect.soft(given, path).toMatchObject(headers)
  expect(headers['content-security-policy']).toMatch(/default-src 'none'/)
})

test('What is asked of the API is kept by no cache, and what has its hash in its name for a year', async ({ page }) => {
  await page.goto('/signed-out')
  const kept = await page.evaluate(async () => {
    const script = document.querySelector('script[src^="/assets/"]')?.getAttribute('src') ?? ''
    const of = async (path: string) => (await fetch(path)).headers.get('cache-control')
    return { script: await of(script), page: await of('/'), api: await of('/api/health') }
  })
  expect(kept.script).toMatch(/max-age=31536000.*immutable/)
  expect(kept.page).toMatch(/no-cache|no-store/)
  expect(kept.api).toMatch(/no-store/)
})

test('Pages are read and nothing else', async ({ page, guard }) => {
  guard.expectConsole(/status of 403/)
  await page.goto('/signed-out')
  const statuses = await page.evaluate(() =>
    Promise.all(['POST', 'PUT', 'DELETE'].map(async (method) => (await fetch('/index.html', { method })).status)),
  )
  expect(statuses).toEqual([403, 403, 403])
})
