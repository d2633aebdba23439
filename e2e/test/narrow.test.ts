import { motorPolicy, soundAlikes } from '@muniment/ingest/sample/pas/anchors'
import type { Page } from '@playwright/test'
import { FormPage } from '../pages/FormPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { StartPage } from '../pages/StartPage.ts'
import { everyPlace } from '../src/places.ts'
import { expectToFit } from '../src/reach.ts'
import { expect, test } from '../src/test.ts'

const windows = [
  { title: 'at 320 pixels', width: 320, height: 640, colorScheme: 'light' },
  { title: 'at 360 pixels in the dark', width: 360, height: 740, colorScheme: 'dark' },
  { title: 'at 200% zoom of a common screen', width: 683, height: 384, colorScheme: 'light' },
] as const

test.use({ viewport: { width: 320, height: 640 } })

async function expectToFitEverywhere(page: Page, where: string): Promise<void> {
  for (const { title, width, height, colorScheme } of windows) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme })
    await expectToFit(page, `${where} ${title}`)
  }
}

test('No page scrolls sideways, and every control can be reached, in narrow windows and zoomed', async ({
  page,
  archive,
}) => {
  for (const { name, open } of await everyPlace(archive)) {
    await open(page)
    await expectToFitEverywhere(page, name)
  }
})

for (const { title, width, height, colorScheme } of windows) {
  test(`The question for the purpose and the menus fit ${title}`, async ({ page, archive }) => {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme })
    const search = await archive.search('policy-file', { policy_number: motorPolicy.policyNumber })
    const file = await ResultPage.open(page, search.id, motorPolicy.policyNumber)
    const { dialog } = await file.changePurpose()
    await expectToFit(page, 'the purpose dialog')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(dialog).toBeHidden()
    const { region } = file.panel('Invoices')
    for (const tool of ['Columns', 'Copy', 'Export']) {
      await region.getByRole('button', { name: tool, exact: true }).click()
      const popup = page.locator('.menu, .popover')
      await expect(popup).toBeVisible()
      await expectToFit(page, `the tool ${tool}`)
      await page.keyboard.press('Escape')
      await expect(popup).toBeHidden()
    }
  })
}

test('The list of keys can be opened where the header has no room for it', async ({ page }) => {
  await StartPage.open(page)
  await page.getByRole('contentinfo').getByRole('button', { name: 'Keyboard' }).click()
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible()
})

test.describe('On a phone in the dark', () => {
  test.use({ viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true })

  test('a customer is found and the file read', async ({ page }) => {
    const [anna] = soundAlikes
    const start = await StartPage.open(page)
    await start.finder.fill('customer')
    await start.openUseCase('Find a customer')
    const form = await FormPage.on(page, 'Find a customer')
    await form.field('Name').fill('Meier')
    await form.field('Date of birth').fill(anna.birthDate)
    await form.submit.tap()
    const customer = await ResultPage.on(page, anna.partyNumber)
    await expect(customer.titleBlock).toContainText(anna.displayName)
    await customer.expectPurpose('System test: What browser tests look at')
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(
      background
        .match(/\d+/g)
        ?.slice(0, 3)
        .every((part) => Number(part) < 60),
    ).toBe(true)
  })

  test('the key for the search field leads to it although the field is not on the page', async ({ page }) => {
    await FormPage.open(page, 'codes', 'Codes and their meaning')
    await page.getByRole('heading', { level: 1 }).tap()
    await page.keyboard.press('/')
    const start = await StartPage.on(page)
    await expect(start.finder).toBeFocused()
  })
})
