import { expect, type Locator, type Page } from '@playwright/test'

export class PurposeDialog {
  readonly dialog: Locator

  private constructor(dialog: Locator) {
    this.dialog = dialog
  }

  static async on(page: Page): Promise<PurposeDialog> {
    const dialog = page.getByRole('dialog', { name: 'What are you working for?' })
    await expect(dialog).toBeVisible()
    // The reasons come from the server.
    await expect(dialog.getByRole('radio', { name: 'System test' })).toBeVisible()
    return new PurposeDialog(dialog)
  }

  async choose(reason: string, note = ''): Promise<void> {
    await this.dialog.getByRole('radio', { name: reason }).check()
    if (note) await this.dialog.getByRole('textbox', { name: /In a sentence/ }).fill(note)
  }

  async submit(): Promise<void> {
    await this.dialog.getByRole('button', { name: /^Work for this/ }).click()
    await expect(this.dialog).toBeHidden()
  }
}
