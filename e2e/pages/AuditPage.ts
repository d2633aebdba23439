import { expect, type Locator, type Page } from '@playwright/test'
import { Frame } from './Frame.ts'

export class AuditPage extends Frame {
  readonly verification: Locator
  readonly answer: Locator
  readonly rows: Locator

  private constructor(page: Page) {
    super(page)
    this.verification = page.getByRole('region', { name: 'Is the log whole?' })
    this.answer = page.getByRole('region', { name: 'Answer', exact: true })
    this.rows = this.answer.locator('tbody > tr')
  }

  static async on(page: Page): Promise<AuditPage> {
    const audit = new AuditPage(page)
    await expect(page.getByRole('heading', { level: 1, name: 'Audit log' })).toBeVisible()
    await expect(audit.verification.getByRole('button')).toBeVisible()
    return audit
  }

  /** Fills in what the question needs, by label, and asks it. */
  async ask(question: string, fields: Record<string, string> = {}): Promise<void> {
    await this.page.getByRole('radio', { name: question }).check()
    for (const [label, value] of Object.entries(fields)) await this.fill(label, value)
    await this.page.getByRole('button', { name: 'Look it up' }).click()
    await expect(this.answer.locator('.facts')).toBeVisible()
  }

  /** A text is typed, and of a list what is called so chosen. */
  async fill(label: string, value: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: label, exact: true })
    const list = this.page.getByRole('combobox', { name: label, exact: true })
    await expect(field.or(list)).toBeVisible()
    if (await list.isVisible()) await list.selectOption({ label: value })
    else await field.fill(value)
  }

  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text })
  }
}
