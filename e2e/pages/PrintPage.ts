import { expect, type Locator, type Page } from '@playwright/test'
import { Frame } from './Frame.ts'

export class PrintPage extends Frame {
  readonly document: Locator

  private constructor(page: Page) {
    super(page)
    this.document = page.locator('article.document')
  }

  /** Resolves when every row is there and every table has been fitted to the paper. */
  static async on(page: Page): Promise<PrintPage> {
    const print = new PrintPage(page)
    await expect(page).toHaveURL(/\/searches\/[0-9a-f-]{36}\/print$/)
    await expect(page.getByRole('heading', { level: 1, name: 'Document to print' })).toBeVisible()
    await expect(page.locator('article.document[data-ready=true]')).toBeVisible()
    return print
  }

  static async open(page: Page, search: string): Promise<PrintPage> {
    await page.goto(`/searches/${search}/print`)
    return PrintPage.on(page)
  }

  /** Resolves when the document stands on this paper. */
  async choosePaper(paper: 'A4' | 'Letter'): Promise<void> {
    await this.page.getByRole('radio', { name: paper, exact: true }).check()
    await expect(
      this.page.locator(`article[data-paper="${paper === 'A4' ? 'A4' : 'letter'}"][data-ready=true]`),
    ).toBeVisible()
  }

  async pdf(): Promise<Buffer> {
    return this.page.pdf({ preferCSSPageSize: true })
  }
}
