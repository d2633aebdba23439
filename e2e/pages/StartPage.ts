import { expect, type Locator, type Page } from '@playwright/test'
import { Frame } from './Frame.ts'

export class StartPage extends Frame {
  readonly finder: Locator
  readonly found: Locator

  private constructor(page: Page) {
    super(page)
    this.finder = page.getByRole('searchbox', { name: 'What do you need to find?' })
    this.found = page.getByRole('region', { name: 'Use cases' })
  }

  static async on(page: Page): Promise<StartPage> {
    const start = new StartPage(page)
    await expect(start.finder).toBeVisible()
    await expect(page.getByRole('heading', { name: 'Policy administration system' })).toBeVisible()
    return start
  }

  static async open(page: Page): Promise<StartPage> {
    await page.goto('/')
    return StartPage.on(page)
  }

  async openUseCase(title: string): Promise<void> {
    await this.page.getByRole('main').getByRole('link', { name: title, exact: true }).first().click()
  }

  /** A list with a heading of its own: Pinned, Recent. */
  list(title: string): Locator {
    return this.page.getByRole('region', { name: title, exact: true }).getByRole('link')
  }
}
