import { motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import { PrintPage } from '../pages/PrintPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { expect, test } from '../src/test.ts'

const { validOn, before, after } = motorPolicy.correction

test('A file shows what was believed then, and what is known now, by the two dates', async ({ page, archive }) => {
  for (const { knownOn, premium } of [before, after]) {
    const search = await archive.search('policy-file', {
      policy_number: motorPolicy.policyNumber,
      valid_on: validOn,
      known_on: knownOn,
    })
    const file = await ResultPage.open(page, search.id, motorPolicy.policyNumber)
    await expect(file.panel('Key facts').fact('Annual premium')).toHaveText(`${premium} EUR`)
  }
})

test('A dated file says its dates once, and each panel those that it does not go by', async ({ page, archive }) => {
  const inputs = { policy_number: motorPolicy.policyNumber, valid_on: validOn, known_on: before.knownOn }
  const search = await archive.search('policy-file', inputs)
  const file = await ResultPage.open(page, search.id, motorPolicy.policyNumber)
  const told = { valid_on: 'valid on 1 Oct 2019', known_on: 'known on 1 Jan 2020' } as const
  const titleSays = `As ${told.valid_on}, ${told.known_on}`
  await expect(file.titleBlock).toContainText(titleSays)
  await expect(page.getByText('Parts that do not go by these dates say so.')).toBeVisible()
  const print = async () => (await PrintPage.open(page, search.id)).document
  const shown = { screen: page.locator('main'), paper: page.locator('article.document') }
  for (const [where, region] of Object.entries(shown)) {
    if (where === 'paper') await print()
    await expect.soft(region.getByText(titleSays, { exact: true }).first()).toBeVisible()
    for (const { title, honours } of search.panels) {
      const panel = region
        .locator('section')
        .filter({ has: page.getByRole('heading', { level: 2, name: new RegExp(`^(\\d+ )?${title}$`) }) })
      for (const [name, words] of Object.entries(told)) {
        const [goesBy, not] = [`As it was ${words}.`, `Not limited to what was ${words}.`]
        const differs = panel.getByText(not, { exact: true })
        await expect.soft(differs, `${where}: ${title}`).toHaveCount(honours.includes(name) ? 0 : 1)
        await expect.soft(panel.getByText(goesBy, { exact: true }).filter({ visible: true }), title).toHaveCount(0)
      }
    }
  }
})

test('A half-typed date is named and searches nothing', async ({ page, archive }) => {
  const search = await archive.search('policy-file', { policy_number: motorPolicy.policyNumber })
  const file = await ResultPage.open(page, search.id, motorPolicy.policyNumber)
  await page.getByLabel('Valid on', { exact: true }).pressSequentially('31')
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await expect(page.getByRole('alert')).toHaveText(
    'Valid on must be a whole date: day, month and year, such as 5 Jul 2024.',
  )
  await expect(page.getByLabel('Valid on', { exact: true })).toBeFocused()
  expect(file.search).toBe(search.id)
})

test('Showing the latest state again takes the dates away', async ({ page, archive }) => {
  const inputs = { policy_number: motorPolicy.policyNumber, valid_on: validOn, known_on: before.knownOn }
  const search = await archive.search('policy-file', inputs)
  const file = await ResultPage.open(page, search.id, motorPolicy.policyNumber)
  await page.getByRole('button', { name: 'Show the latest' }).click()
  await expect(file.titleBlock).toContainText('As the system left it')
  await expect(file.panel('Key facts').fact('Annual premium')).toHaveText(`${motorPolicy.annualPremium} EUR`)
})
