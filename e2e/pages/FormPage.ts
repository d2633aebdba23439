import { expect, type Locator, type Page } from '@playwright/test'
import { Frame } from './Frame.ts'

export class FormPage extends Frame {
  readonly form: Locator
  readonly submit: Locator
  readonly summary: Locator

  private constructor(page: Page) {
    super(page)
    this.form = page.locator('main form.form')
    this.submit = this.form.getByRole('button', { name: 'Search', exact: true })
    this.summary = page.getByRole('alert', { name: 'This cannot be searched yet' })
  }

  static async on(page: Page, title: string): Promise<FormPage> {
    const form = new FormPage(page)
    await expect(page.getByRole('heading', { level: 1, name: title, exact: true })).toBeVisible()
    await expect(form.submit).toBeVisible()
    return form
  }

  static async open(page: Page, useCase: string, title: string): Promise<FormPage> {
    await page.goto(`/applications/pas/use-cases/${useCase}`)
    return FormPage.on(page, title)
  }

  field(label: string): Locator {
    return this.form.getByLabel(label, { exact: false }).first()
  }

  /** The sentence beside a field. */
  errorOf(field: Locator): Promise<string | null> {
    return field.evaluate((element) => {
      const ids = (element.getAttribute('aria-describedby') ?? '').split(' ')
      const error = ids.map((id) => document.getElementById(id)).find((one) => one?.matches('.field__error'))
      return error?.textContent ?? null
    })
  }
}
