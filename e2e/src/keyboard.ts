import { expect, type Locator, type Page } from '@playwright/test'

const manyStops = 60

export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

/** Presses Tab until the control has the focus; fails where it cannot be reached so. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible()
  for (let stop = 0; stop < manyStops; stop++) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${target} is not reached by ${manyStops} presses of Tab.`)
}

/** What has the focus, and whether somebody could see that it has. */
export async function visibleFocus(page: Page): Promise<{ name: string; seen: boolean }> {
  return page.evaluate(() => {
    const element = document.activeElement ?? document.body
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    const inside = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth
    const marked = (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1) || boxShadow !== 'none'
    const words = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40) ?? ''
    const name = element === document.body ? 'body' : `${element.tagName.toLowerCase()} ${words}`
    return { name, seen: inside && marked && box.width > 0 }
  })
}
