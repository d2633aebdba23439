import { expect, type Page } from '@playwright/test'

/** White space as a page lays it out, as it is of what `textContent` gives. */
export const asShown = (text: string) => text.replace(/\s+/g, ' ').trim()

/** Elements that no page of ours has: one that turns up was typed by somebody. */
const foreign = [
  ...[
    'img',
    'math',
    'iframe',
    'object',
    'embed',
    'base',
    'template',
    'plaintext',
    'svg a:not([href^="#"])',
    'svg use',
    'foreignObject',
  ],
  ...['[onerror]', '[onload]', '[onclick]', '[onfocus]', '[ontoggle]', '[srcdoc]', '[href^="javascript:" i]'],
  ...['main style', 'main script', 'main meta', 'main link', '[name=getElementById]', '#location', '#__proto__'],
].join(', ')

/** Whatever was in a text, none of it has become more than text. */
export async function expectNothingRan(page: Page): Promise<void> {
  expect(await page.evaluate(() => '__pwned' in window)).toBe(false)
  expect(await page.evaluate(() => document.title)).not.toContain('stolen')
  await expect(page.locator(foreign)).toHaveCount(0)
  // Names given to elements stand in for nothing of the page.
  expect(await page.evaluate(() => document.location === window.location && document.body.nodeName === 'BODY')).toBe(
    true,
  )
}
