import { expect, type Page } from '@playwright/test'

/**
 * Nothing makes the page scroll sideways, and no control lies outside of what can be scrolled to: what is wider than the page stands
 * in a box with a scroll bar of its own.
 */
export async function expectToFit(page: Page, where: string): Promise<void> {
  const { overflow, outside } = await page.evaluate(() => {
    const width = document.documentElement.clientWidth
    const scrolls = (element: Element | null): boolean => {
      for (let one = element; one && one !== document.body; one = one.parentElement) {
        const { overflowX } = getComputedStyle(one)
        if (overflowX === 'auto' || overflowX === 'scroll') return true
      }
      return false
    }
    const controls = [...document.querySelectorAll('a, button, input, select, summary, [tabindex="0"]')].filter(
      (element) => element.checkVisibility() && !element.matches('.skip-link, .visually-hidden'),
    )
    return {
      overflow: document.documentElement.scrollWidth - width,
      outside: controls
        .filter((element) => {
          const { left, right } = element.getBoundingClientRect()
          return (left < -1 || right > width + 1) && !scrolls(element.parentElement)
        })
        .map((element) => `${element.tagName} ${element.textContent?.trim().slice(0, 40)}`),
    }
  })
  expect.soft(overflow, `${where} scrolls sideways by so many pixels`).toBe(0)
  expect.soft(outside, `${where} has controls that cannot be reached`).toEqual([])
}
