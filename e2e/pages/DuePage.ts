import { expect, type Locator, type Page } from '@playwright/test'
import { Frame } from './Frame.ts'
import { RunPage } from './RunPage.ts'

/** What falls due, by month and by class. */
export class DuePage extends Frame {
  readonly months: Locator

  private constructor(page: Page) {
    super(page)
    this.months = page.getByRole('region', { name: 'Figures by month' })
  }

  static async open(page: Page): Promise<DuePage> {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Retention' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'What falls due' })).toBeVisible()
    const due = new DuePage(page)
    await expect(page.getByText(/^Worked out .* counts as due$/)).toBeVisible({ timeout: 60_000 })
    await expect(due.months).toBeVisible()
    return due
  }

  /** Figures of a class, in the order of the columns: due, held, kept although due, to review, undated, in conflict. */
  async figures(domain: string, of: string): Promise<number[]> {
    const row = this.page
      .getByRole('region', { name: `Records of ${domain} by class` })
      .getByRole('row', { name: new RegExp(`^${of} `) })
    const cells = await row.getByRole('cell').allTextContents()
    return cells.map((cell) => Number(cell.replaceAll(',', '')))
  }

  async plan(domain: string): Promise<RunPage> {
    await this.page.getByText(`Plan a destruction in ${domain}`).click()
    const form = this.page.getByRole('group').filter({ hasText: `Plan a destruction in ${domain}` })
    await form.getByRole('button', { name: 'Plan it' }).click()
    return RunPage.on(this.page)
  }
}
