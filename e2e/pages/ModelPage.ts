import { expect, type Locator, type Page } from '@playwright/test'
import { Frame } from './Frame.ts'

export class ModelPage extends Frame {
  readonly filter: Locator

  private constructor(page: Page) {
    super(page)
    this.filter = page.getByRole('searchbox', { name: 'Find a table or column' })
  }

  static async on(page: Page): Promise<ModelPage> {
    const model = new ModelPage(page)
    await expect(page).toHaveURL(/\/applications\/pas\/model/)
    await expect(
      page.getByRole('heading', { level: 1, name: 'Data model: Policy administration system' }),
    ).toBeVisible()
    await expect(model.filter).toBeVisible()
    return model
  }

  static async open(page: Page): Promise<ModelPage> {
    await page.goto('/applications/pas/model')
    return ModelPage.on(page)
  }

  table(name: string): Locator {
    return this.page.locator(`#table-${name}`)
  }

  diagram(domain: string): Locator {
    return this.page.getByRole('group', { name: `Tables of ${domain} and what they refer to` })
  }
}
