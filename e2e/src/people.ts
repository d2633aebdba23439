import type { Page } from '@playwright/test'
import { signInAtProvider } from './signed-in.ts'
import { expect } from './test.ts'

/** Sample people by what they do. */
export const people = {
  service: 'Lena Hart',
  claims: 'Tomás Reyes',
  claimsLead: 'Ingrid Solberg',
  accounting: 'Paul Okafor',
  protection: 'Mira Kovács',
  records: 'Henrik Lund',
  approval: 'Sofia Marin',
  audit: 'Noor Aziz',
  archive: 'Emil Brandt',
  operations: 'Kim Nguyen',
} as const

/** Signs in as somebody at the start page, in a browser that knows nobody yet or somebody else. */
export async function signInAs(page: Page, name: string): Promise<void> {
  await page.context().clearCookies()
  await page.goto('/')
  await signInAtProvider(page, name)
  await expect(page.getByRole('banner').getByText(name)).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
}
