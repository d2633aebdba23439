import { expect, type Locator, type Page } from '@playwright/test'
import { PurposeDialog } from './PurposeDialog.ts'

/** What is around every page. */
export class Frame {
  readonly page: Page
  readonly header: Locator
  readonly workingFor: Locator
  readonly findBox: Locator

  constructor(page: Page) {
    this.page = page
    this.header = page.getByRole('banner')
    this.workingFor = this.header.getByRole('button', { name: /^Working for/ })
    this.findBox = page.locator('#find')
  }

  async changePurpose(): Promise<PurposeDialog> {
    await this.workingFor.click()
    return PurposeDialog.on(this.page)
  }

  async go(to: 'Search' | 'Your searches' | 'Data model'): Promise<void> {
    await this.header.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: to, exact: true }).click()
  }

  async expectPurpose(words: string): Promise<void> {
    await expect(this.workingFor).toHaveAccessibleName(`Working for ${words}`)
    await expect(this.workingFor).toBeInViewport()
  }
}
