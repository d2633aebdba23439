import { fleet, motorPolicy, soundAlikes } from '@muniment/ingest/sample/pas/anchors'
import { FormPage } from '../pages/FormPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { StartPage } from '../pages/StartPage.ts'
import { press, tabTo, visibleFocus } from '../src/keyboard.ts'
import { expect, test } from '../src/test.ts'

test.describe('By keys alone', () => {
  test.use({ purpose: null })

  test('a person gets from the start page to a record', async ({ page }) => {
    const start = await StartPage.open(page)
    await page.locator('body').click({ position: { x: 5, y: 500 } })
    await press(page, '/')
    await expect(start.finder).toBeFocused()
    await page.keyboard.type('find customer')
    await expect(start.found).toBeVisible()
    await press(page, 'ArrowDown')
    await expect(start.found.getByRole('link', { name: 'Find a customer' })).toBeFocused()
    await press(page, 'ArrowUp', 'ArrowDown', 'Enter')

    const form = await FormPage.on(page, 'Find a customer')
    await tabTo(page, form.field('Name'))
    await page.keyboard.type('Meier')
    await tabTo(page, form.field('Given name'))
    await page.keyboard.type('Ann')
    await press(page, 'Enter')
    const dialog = page.getByRole('dialog', { name: 'What are you working for?' })
    await tabTo(page, dialog.getByRole('radio', { name: 'Customer enquiry' }))
    await press(page, 'Space')
    await tabTo(page, dialog.getByRole('textbox', { name: 'In a sentence' }))
    await page.keyboard.type('Asked by telephone')
    await press(page, 'Enter')

    const found = await ResultPage.on(page, 'Find a customer')
    await expect(found.heading).toBeFocused()
    const { rows, table } = found.panel('Customers found')
    await tabTo(page, table.locator('thead').getByRole('button').first())
    await press(page, 'ArrowDown')
    await expect(rows.first()).toBeFocused()
    const [anna] = soundAlikes
    for (let steps = 0; steps < 30; steps++) {
      const text = await page.evaluate(() => document.activeElement?.textContent ?? '')
      if (text.includes(anna.displayName)) break
      await press(page, 'ArrowDown')
    }
    await press(page, 'Enter')
    const customer = await ResultPage.on(page, anna.partyNumber)
    await expect(customer.titleBlock).toContainText(anna.displayName)
  })
})

test('The first stop of every page skips to its content', async ({ page, archive }) => {
  const search = await archive.search('policy-file', { policy_number: motorPolicy.policyNumber })
  await ResultPage.open(page, search.id, motorPolicy.policyNumber)
  await press(page, 'Tab')
  const skip = page.getByRole('link', { name: 'Skip to the content' })
  await expect(skip).toBeFocused()
  await expect(skip).toBeInViewport()
  await press(page, 'Enter')
  await expect(page.locator('main#content')).toBeFocused()
  await press(page, 'Tab')
  await expect(page.getByRole('link', { name: 'Change the search' })).toBeFocused()
})

test('Every stop of the Tab key can be seen', async ({ page, archive }) => {
  const search = await archive.search('policy-file', { policy_number: motorPolicy.policyNumber })
  await ResultPage.open(page, search.id, motorPolicy.policyNumber)
  const unseen: string[] = []
  const stops = new Set<string>()
  for (let stop = 0; stop < 60; stop++) {
    await press(page, 'Tab')
    const { name, seen } = await visibleFocus(page)
    if (name === 'body') break
    stops.add(name)
    if (!seen) unseen.push(name)
  }
  expect(stops.size).toBeGreaterThan(20)
  expect(unseen).toEqual([])
})

test('Sorting by a header keeps the focus on it and says the order', async ({ page, archive }) => {
  const search = await archive.search('find-customer', { surname: 'Mayer', match: 'sound' })
  const result = await ResultPage.open(page, search.id, 'Find a customer')
  const panel = result.panel('Customers found')
  const header = panel.sortButton('Date of birth')
  await header.focus()
  await press(page, 'Enter')
  await expect(panel.column('birth_date')).toHaveAttribute('aria-sort', 'ascending')
  await expect(header).toBeFocused()
  const years = async () => (await panel.valuesOf('birth_date')).flatMap((text) => /\d{4}$/.exec(text)?.[0] ?? [])
  const up = await years()
  expect(up.length).toBeGreaterThan(5)
  expect(up).toEqual([...up].sort())
  await press(page, 'Enter')
  await expect(panel.column('birth_date')).toHaveAttribute('aria-sort', 'descending')
  await expect(header).toBeFocused()
  expect(await years()).toEqual([...up].sort().reverse())
})

test('Brackets turn the pages of a long table, Home and End go to its first and last row', async ({
  page,
  archive,
}) => {
  const search = await archive.search('policy-file', { policy_number: fleet.policyNumber })
  const file = await ResultPage.open(page, search.id, fleet.policyNumber)
  const claims = file.panel('Claims')
  const numbers = () => claims.valuesOf('claim_number')
  const first = await numbers()
  await claims.sortButton('Claim number').focus()
  await press(page, 'ArrowDown', 'End')
  await expect(claims.rows.last()).toBeFocused()
  await press(page, 'Home')
  await expect(claims.rows.first()).toBeFocused()
  await press(page, ']')
  await expect.poll(numbers).not.toEqual(first)
  await expect(claims.rows.first()).toBeFocused()
  await expect(claims.region.getByText(/^26–50 of 60$/)).toBeVisible()
  await press(page, '[')
  await expect.poll(numbers).toEqual(first)
})

test('A dialog takes the focus, keeps it, and gives it back when it is left', async ({ page }) => {
  const start = await StartPage.open(page)
  await start.workingFor.focus()
  await press(page, 'Enter')
  const dialog = page.getByRole('dialog', { name: 'What are you working for?' })
  await expect(dialog.getByRole('radio').first()).toBeVisible()
  for (let stop = 0; stop < 12; stop++) {
    await press(page, 'Tab')
    await expect.poll(() => dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true)
  }
  await press(page, 'Escape')
  await expect(dialog).toBeHidden()
  await expect(start.workingFor).toBeFocused()

  await start.header.getByRole('button', { name: 'Keyboard' }).focus()
  await press(page, 'Enter')
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible()
  await press(page, 'Escape')
  await expect(start.header.getByRole('button', { name: 'Keyboard' })).toBeFocused()
})

test('A menu opens, is walked through and left by keys', async ({ page, archive }) => {
  const search = await archive.search('find-customer', { surname: 'Mayer', match: 'sound' })
  const result = await ResultPage.open(page, search.id, 'Find a customer')
  const trigger = result.panel('Customers found').region.getByRole('button', { name: 'Export', exact: true })
  await trigger.focus()
  await press(page, 'Enter')
  await expect(page.getByRole('menuitem', { name: /^Excel/ })).toBeFocused()
  await press(page, 'ArrowDown')
  await expect(page.getByRole('menuitem', { name: /^CSV/ })).toBeFocused()
  await press(page, 'Escape')
  await expect(page.getByRole('menu')).toBeHidden()
  await expect(trigger).toBeFocused()
})

test('Single keys lead through the product, and stay letters where somebody types', async ({ page }) => {
  const start = await StartPage.open(page)
  await start.finder.fill('')
  await page.keyboard.type('gs?w/')
  await expect(start.finder).toHaveValue('gs?w/')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await start.finder.fill('')
  await start.finder.blur()
  await press(page, '?')
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible()
  await press(page, 'Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await press(page, 'g', 's')
  await expect(page).toHaveURL(/\/searches$/)
  await press(page, 'g', 'm')
  await expect(page).toHaveURL(/\/model/)
  await expect(page.getByRole('heading', { level: 1, name: /^Data model/ })).toBeVisible()
  await press(page, 'w')
  await expect(page.getByRole('dialog', { name: 'What are you working for?' })).toBeVisible()
})
