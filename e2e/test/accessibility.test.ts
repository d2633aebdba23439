import { motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import type { Page } from '@playwright/test'
import { FormPage } from '../pages/FormPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { StartPage } from '../pages/StartPage.ts'
import { axeFindings, expectAccessible } from '../src/axe.ts'
import { everyPlace } from '../src/places.ts'
import { expect, test } from '../src/test.ts'

const windows = [
  { title: 'in a wide window', width: 1366, height: 900 },
  { title: 'in a window of 360 pixels', width: 360, height: 740 },
] as const

async function expectInBothSchemes(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expectAccessible(page, `${where}, ${colorScheme}`)
  }
}

for (const { title, width, height } of windows) {
  test.describe(`Axe finds nothing, light and dark, ${title},`, () => {
    test.use({ viewport: { width, height } })

    test('on any page', async ({ page, archive }) => {
      for (const { name, open } of await everyPlace(archive)) {
        await open(page)
        await expectInBothSchemes(page, name)
      }
      await page.goto('/nothing/is/here')
      await expect(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible()
      await expectInBothSchemes(page, 'an unknown address')
    })

    test('with something open', async ({ page, archive }) => {
      const start = await StartPage.open(page)
      await start.finder.fill('claim')
      await expect(start.found).toBeVisible()
      await expectInBothSchemes(page, 'use cases found')
      await start.finder.fill('zz9')
      await expect(page.getByText('No use case is described by these words.')).toBeVisible()
      await expectInBothSchemes(page, 'no use case found')

      const form = await FormPage.open(page, 'policy-file', 'Policy file')
      await form.submit.click()
      await expect(form.summary).toBeFocused()
      await expectInBothSchemes(page, 'a form with errors')

      const search = await archive.search('policy-file', { policy_number: motorPolicy.policyNumber })
      const file = await ResultPage.open(page, search.id, motorPolicy.policyNumber)
      const { region } = file.panel('Invoices')
      for (const tool of ['Columns', 'Copy', 'Export']) {
        await region.getByRole('button', { name: tool, exact: true }).click()
        await expect(page.locator('.menu, .popover')).toBeVisible()
        await expectInBothSchemes(page, `the tool ${tool}`)
        await page.keyboard.press('Escape')
        await expect(page.locator('.menu, .popover')).toBeHidden()
      }
      await page.getByText('About this search').click()
      const dialog = await file.changePurpose()
      await expectInBothSchemes(page, 'the purpose dialog')
      await dialog.dialog.getByRole('radio', { name: 'A request with a reference' }).check()
      await dialog.dialog.getByRole('button', { name: /^Work for this/ }).click()
      await expectInBothSchemes(page, 'the purpose dialog with an error')
      await page.keyboard.press('Escape')
      await page.locator('main h1').click()
      await page.keyboard.press('?')
      await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible()
      await expectInBothSchemes(page, 'the list of keys')
    })
  })
}

test('Axe sees what is put into a page to be found', async ({ page }) => {
  await StartPage.open(page)
  await page.evaluate(() => {
    const button = document.createElement('button')
    const faint = document.createElement('p')
    faint.textContent = 'Faint'
    faint.animate([{ color: '#eee' }, { color: '#eee' }], { duration: 1e9 })
    document.getElementById('content')?.append(button, faint)
  })
  await expect(page.getByText('Faint')).toHaveCSS('color', 'rgb(238, 238, 238)')
  const found = (await axeFindings(page)).map((finding) => finding.split(' ')[0])
  expect(found).toEqual(expect.arrayContaining(['button-name', 'color-contrast']))
})
