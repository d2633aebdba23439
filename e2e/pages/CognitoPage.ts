import { codeOf } from '@muniment/rehearsal/rehearse/second-factor'
import { expect, type Locator, type Page } from '@playwright/test'
import type { AwsPerson } from '../src/setting.ts'

/** Cognito's sign-in pages, or what plays them: a password first, then a code. */
export class CognitoPage {
  readonly page: Page
  readonly user: Locator
  readonly password: Locator
  readonly code: Locator
  readonly submit: Locator

  private constructor(page: Page) {
    this.page = page
    this.user = page.getByLabel('Username')
    this.password = page.getByLabel('Password')
    this.code = page.getByLabel('Code')
    this.submit = page.getByRole('button', { name: 'Sign in' })
  }

  static async on(page: Page): Promise<CognitoPage> {
    await expect(page).toHaveURL(/^https:\/\/[^/]+\.amazoncognito\.com\/oauth2\/authorize\?/)
    return new CognitoPage(page)
  }

  async givePassword({ email }: AwsPerson, password: string): Promise<void> {
    await this.user.fill(email)
    await this.password.fill(password)
    await this.submit.click()
  }

  async giveCode(code: string): Promise<void> {
    await this.code.fill(code)
    await this.submit.click()
  }

  async signIn(person: AwsPerson): Promise<void> {
    await this.givePassword(person, person.password)
    await this.giveCode(codeOf(person.secret, new Date()))
  }
}
