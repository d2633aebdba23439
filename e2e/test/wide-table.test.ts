import { ModelPage } from '../pages/ModelPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { expectAccessible } from '../src/axe.ts'
import { press } from '../src/keyboard.ts'
import { expect, test } from '../src/test.ts'

const inputs = { loss_from: '2000-01-01', loss_to: '2024-12-31', threshold: '1' }
const sentence = 'Scroll sideways to see all 9 columns.'

test.describe('On a phone', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true })

  test('a table wider than the screen says so, in words and at its edge', async ({ page, archive }) => {
    const search = await archive.search('large-losses', inputs)
    const result = await ResultPage.open(page, search.id, 'Large losses')
    const { region, table } = result.panel('Large losses')
    await expect(region.getByText(sentence)).toBeVisible()
    const box = region.getByRole('region', { name: 'Table: Large losses' })
    await expect(box).toHaveAccessibleDescription(sentence)
    const edges = region.locator('.wide-table')
    await expect(edges).toHaveAttribute('data-more', 'end')
    await expectAccessible(page, 'a table wider than the screen')

    await box.focus()
    await press(page, 'ArrowRight')
    await expect(edges).toHaveAttribute('data-more', 'start end')
    await box.evaluate((element) => element.scrollTo({ left: element.scrollWidth }))
    await expect(edges).toHaveAttribute('data-more', 'start')
    // What identifies the row, and the heading over it, stay in sight.
    for (const cell of [table.locator('thead th').first(), table.locator('tbody th').first()]) {
      await expect(cell).toBeInViewport({ ratio: 0.9 })
    }
    await expect(table.locator('tbody tr').first().locator('td').last()).toBeInViewport({ ratio: 0.9 })
  })

  test('so does the description of a table', async ({ page }) => {
    await ModelPage.open(page)
    const section = page.locator('.model-table').first()
    await section.locator('summary').click()
    await expect(section.getByText('Scroll sideways to see all 4 columns.')).toBeVisible()
  })
})

test('A table that fits says nothing, and says it when the window gets too narrow', async ({ page, archive }) => {
  const search = await archive.search('large-losses', inputs)
  await page.setViewportSize({ width: 1600, height: 900 })
  const result = await ResultPage.open(page, search.id, 'Large losses')
  const hint = result.panel('Large losses').region.getByText(sentence)
  await expect(hint).toBeHidden()
  await page.setViewportSize({ width: 700, height: 900 })
  await expect(hint).toBeVisible()
  await page.setViewportSize({ width: 1600, height: 900 })
  await expect(hint).toBeHidden()
})
