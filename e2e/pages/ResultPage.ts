import { expect, type Locator, type Page } from '@playwright/test'
import { Frame } from './Frame.ts'
import { Panel } from './Panel.ts'

/** A finished search: a list, a report or the file of a record. */
export class ResultPage extends Frame {
  readonly heading: Locator

  protected constructor(page: Page) {
    super(page)
    this.heading = page.getByRole('heading', { level: 1 })
  }

  /** `title` is the use case of a list, the number of a record. */
  static async on(page: Page, title: string): Promise<ResultPage> {
    const result = new ResultPage(page)
    await expect(page).toHaveURL(/\/searches\/[0-9a-f-]{36}$/)
    await expect(page.getByRole('heading', { level: 1, name: title, exact: true })).toBeVisible()
    await expect(page.locator('main .skeleton')).toHaveCount(0)
    return result
  }

  static async open(page: Page, search: string, title: string): Promise<ResultPage> {
    await page.goto(`/searches/${search}`)
    return ResultPage.on(page, title)
  }

  /** As the address has it. */
  get search(): string {
    return new URL(this.page.url()).pathname.split('/').at(-1) ?? ''
  }

  get titleBlock(): Locator {
    return this.page.locator('.title-block')
  }

  panel(title: string): Panel {
    return new Panel(this.page, title)
  }
}
