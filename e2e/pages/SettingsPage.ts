import { expect, type Page } from '@playwright/test'
import { Frame } from './Frame.ts'

export class SettingsPage extends Frame {
  static async on(page: Page): Promise<SettingsPage> {
    const settings = new SettingsPage(page)
    await expect(page).toHaveURL(/\/settings$/)
    await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
    return settings
  }

  static async open(page: Page): Promise<SettingsPage> {
    await page.goto('/settings')
    return SettingsPage.on(page)
  }

  async choose(group: string, option: string): Promise<void> {
    await this.page.getByRole('group', { name: group }).getByRole('radio', { name: option, exact: true }).check()
  }
}
