import { motorPolicy } from '@muniment/ingest/sample/pas/anchors'
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

test('Each panel of a dated file says of both dates whether it honours them', async ({ page, archive }) => {
  const inputs = { policy_number: motorPolicy.policyNumber, valid_on: validOn, known_on: before.knownOn }
  const search = await archive.search('policy-file', inputs)
  const file = await ResultPage.open(page, search.id, motorPolicy.policyNumber)
  for (const { title, honours } of search.panels) {
    const { region } = file.panel(title)
    const valid = honours.includes('valid_on') ? 'As it was valid on' : 'Not limited to what was valid on'
    const known = honours.includes('known_on') ? 'As it was known on' : 'Not limited to what was known on'
    await expect.soft(region, title).toContainText(`${valid} 1 Oct 2019.`)
    await expect.soft(region, title).toContainText(`${known} 1 Jan 2020.`)
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
