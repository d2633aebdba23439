import { motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import { FormPage } from '../pages/FormPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { StartPage } from '../pages/StartPage.ts'
import { expectAccessible } from '../src/axe.ts'
import { everyPlace } from '../src/places.ts'
import { expect, test } from '../src/test.ts'

const windows = [
  { title: 'wide and light', width: 1366, height: 900, scheme: 'light' },
  { title: 'wide and dark', width: 1366, height: 900, scheme: 'dark' },
  { title: 'narrow and light', width: 360, height: 740, scheme: 'light' },
  { title: 'narrow and dark', width: 360, height: 740, scheme: 'dark' },
] as const

for (const { title, width, height, scheme } of windows) {
  test.describe(`Axe finds nothing, ${title},`, () => {
    test.use({ viewport: { width, height }, colorScheme: scheme, contextOptions: { reducedMotion: 'reduce' } })

    test('on any page', async ({ page, archive }) => {
      for (const { name, open } of await everyPlace(archive)) {
        await open(page)
        await expectAccessible(page, name)
      }
      await page.goto('/nothing/is/here')
      await expect(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible()
      await expectAccessible(page, 'an unknown address')
    })

    test('with something open', async ({ page, archive }) => {
      const start = await StartPage.open(page)
      await start.finder.fill('claim')
      await expect(start.found).toBeVisible()
      await expectAccessible(page, 'use cases found')
      await start.finder.fill('zzzz')
      await expect(page.getByText('No use case is described by these words.')).toBeVisible()
      await expectAccessible(page, 'no use case found')

      const form = await FormPage.open(page, 'policy-file', 'Policy file')
      await form.submit.click()
      await expect(form.summary).toBeFocused()
      await expectAccessible(page, 'a form with errors')

      const search = await archive.search('policy-file', { policy_number: motorPolicy.policyNumber })
      const file = await ResultPage.open(page, search.id, motorPolicy.policyNumber)
      const { region } = file.panel('Invoices')
      for (const tool of ['Columns', 'Copy', 'Export']) {
        await region.getByRole('button', { name: tool, exact: true }).click()
        await expect(page.locator('.menu, .popover')).toBeVisible()
        await expectAccessible(page, `the tool ${tool}`)
        await page.keyboard.press('Escape')
        await expect(page.locator('.menu, .popover')).toBeHidden()
      }
      await page.getByText('About this search').click()
      const dialog = await file.changePurpose()
      await expectAccessible(page, 'the purpose dialog')
      await dialog.dialog.getByRole('radio', { name: 'A request with a reference' }).check()
      await dialog.dialog.getByRole('button', { name: /^Work for this/ }).click()
      await expectAccessible(page, 'the purpose dialog with an error')
      await page.keyboard.press('Escape')
      await page.locator('main h1').click()
      await page.keyboard.press('?')
      await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible()
      await expectAccessible(page, 'the list of keys')
    })
  })
}
