import { expect, type Locator, type Page } from '@playwright/test'
import { Frame } from './Frame.ts'

/** A destruction run: its plan, the decision on it, and what became of it. */
export class RunPage extends Frame {
  readonly state: Locator
  readonly decision: Locator
  readonly execution: Locator

  private constructor(page: Page) {
    super(page)
    this.state = page.locator('.title-block .m-tag')
    this.decision = page.getByRole('region', { name: 'Approve or send back' })
    this.execution = page.getByRole('region', { name: /^(Carry it out|Being carried out|Paused)$/ })
  }

  static async on(page: Page): Promise<RunPage> {
    await expect(page).toHaveURL(/\/retention\/runs\/R-\d{8}-[0-9a-f]{12}$/, { timeout: 60_000 })
    const run = new RunPage(page)
    await expect(run.state).toBeVisible()
    return run
  }

  static async open(page: Page, id: string): Promise<RunPage> {
    await page.goto(`/retention/runs/${id}`)
    return RunPage.on(page)
  }

  get id(): string {
    return new URL(this.page.url()).pathname.split('/').at(-1) ?? ''
  }

  /** Keys of the records that have been due longest, of a class. */
  async dueLongest(of: string): Promise<string[]> {
    return this.page
      .getByRole('table', { name: `Due longest of ${of}` })
      .getByRole('rowheader')
      .allTextContents()
  }

  /** How many records are on the list, from the sentence that says so. */
  async records(): Promise<number> {
    const sentence = await this.page.getByText(/^[\d,]+ records?, [\d,]+ rows? in the archive/).textContent()
    return Number(/^[\d,]+/.exec(sentence ?? '')?.[0].replaceAll(',', ''))
  }
}
