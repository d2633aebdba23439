import { expect, type Locator, type Page } from '@playwright/test'

/** The provider's own page, where people say who they are. */
export class SignInPage {
  readonly page: Page
  readonly user: Locator
  readonly password: Locator
  readonly submit: Locator
  readonly problem: Locator

  private constructor(page: Page) {
    this.page = page
    this.user = page.getByLabel('User name')
    this.password = page.getByLabel('Password')
    this.submit = page.getByRole('button', { name: 'Sign in' })
    this.problem = page.getByRole('alert')
  }

  /** Where the sample people are to choose from. */
  static async onSample(page: Page): Promise<SignInPage> {
    await expect(page).toHaveURL(/\/oidc\/sign-in\//)
    await expect(page.getByRole('heading', { level: 1, name: 'Choose who you are' })).toBeVisible()
    return new SignInPage(page)
  }

  /** Where a password is asked for. */
  static async onPassword(page: Page): Promise<SignInPage> {
    await expect(page).toHaveURL(/\/oidc\/sign-in\//)
    await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible()
    return new SignInPage(page)
  }

  async choose(person: string): Promise<void> {
    await this.page.getByRole('button', { name: person, exact: true }).click()
  }

  async signIn(user: string, password: string): Promise<void> {
    await this.user.fill(user)
    await this.password.fill(password)
    await this.submit.click()
  }
}
