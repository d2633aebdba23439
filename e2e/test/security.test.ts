import { hostile } from '@muniment/ingest/sample/pas/anchors'
import { ResultPage } from '../pages/ResultPage.ts'
import { StartPage } from '../pages/StartPage.ts'
import { expect, test } from '../src/test.ts'

test('Every answer carries a policy without unsafe-inline, and it is enforced', async ({ page, archive }) => {
  const search = await archive.search('claim-file', { claim_number: hostile.claimNumber })
  for (const address of ['/', `/searches/${search.id}`, '/applications/pas/model', '/no/such/page']) {
    const response = await page.goto(address)
    const policy = response?.headers()['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("style-src 'self'")
    expect(policy).toContain("require-trusted-types-for 'script'")
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|unsafe-hashes|strict-dynamic|\*/)
    // Not before signing in has come back: the next address would be in its way.
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
  }
})

test('Markup that is assigned as a string is refused by Trusted Types', async ({ page, guard }) => {
  guard.expectViolation(/require-trusted-types-for|trusted-types/)
  guard.expectConsole(/Trusted(HTML|Script|Type)/i)
  await StartPage.open(page)
  const refused = await page.evaluate(() => {
    const attempts = [
      () => {
        document.createElement('div').innerHTML = '<b>markup</b>'
      },
      () => document.body.insertAdjacentHTML('beforeend', '<b>markup</b>'),
      () => {
        document.createElement('script').text = 'window.ran = true'
      },
      () => document.createElement('img').setAttribute('onerror', 'window.ran = true'),
    ]
    return attempts.map((attempt) => {
      try {
        attempt()
        return 'done'
      } catch (error) {
        return error instanceof TypeError ? 'refused' : String(error)
      }
    })
  })
  expect(refused).toEqual(['refused', 'refused', 'refused', 'refused'])
  expect(await page.evaluate(() => 'ran' in window)).toBe(false)
})

test('Styles that somebody gets into a page do not apply', async ({ page, guard }) => {
  guard.expectViolation(/style-src/)
  guard.expectConsole(/Content Security Policy/i)
  await StartPage.open(page)
  const visibility = await page.evaluate(() => {
    const style = document.createElement('style')
    style.textContent = 'body { visibility: hidden }'
    document.body.append(style)
    document.body.setAttribute('style', 'visibility: collapse')
    return getComputedStyle(document.body).visibility
  })
  expect(visibility).toBe('visible')
})

test('A fragment asked for by itself is nothing a browser would run', async ({ archive }) => {
  const search = await archive.search('claim-file', { claim_number: hostile.claimNumber })
  const response = await archive.fetch(`/api/searches/${search.id}/panels/correspondence`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'|sandbox/)
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  const html = await response.text()
  expect(html).not.toMatch(/<(script|img|svg|math|style|iframe|form)\b/i)
})

test('What one searched stays out of addresses, titles and the storage of the browser', async ({ page, archive }) => {
  // What is looked for is what every test's guard looks for; here it is made sure that the guard sees something.
  const search = await archive.search('claim-file', { claim_number: hostile.claimNumber })
  const claim = await ResultPage.open(page, search.id, hostile.claimNumber)
  expect(await page.title()).toBe('Claim file – Muniment')
  await claim.panel('Correspondence').sortButton('Subject').click()
  await expect(page).toHaveURL(new RegExp(`/searches/${search.id}$`))
  const kept = await page.evaluate(() => Object.keys(localStorage).concat(Object.keys(sessionStorage)))
  expect(kept.filter((key) => !/^muniment\.|^tsr-scroll/.test(key))).toEqual([])
})
