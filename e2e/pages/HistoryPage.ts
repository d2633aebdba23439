import { expect, type Locator, type Page } from '@playwright/test'
import { Frame } from './Frame.ts'

export class HistoryPage extends Frame {
  readonly entries: Locator

  private constructor(page: Page) {
    super(page)
    this.entries = page.locator('.history__entry')
  }

  static async on(page: Page): Promise<HistoryPage> {
    const history = new HistoryPage(page)
    await expect(page).toHaveURL(/\/searches$/)
    await expect(page.getByRole('heading', { level: 1, name: 'Your searches' })).toBeVisible()
    await expect(page.getByText('Fetching your searches')).toHaveCount(0)
    return history
  }

  static async open(page: Page): Promise<HistoryPage> {
    await page.goto('/searches')
    return HistoryPage.on(page)
  }

  entry(text: string | RegExp): Locator {
    return this.entries.filter({ hasText: text })
  }
}
