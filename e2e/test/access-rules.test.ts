import { writeFile } from 'node:fs/promises'
import type { AccessVersion } from '@muniment/api/contract'
import type { Page, TestInfo } from '@playwright/test'
import { expectAccessible } from '../src/axe.ts'
import { expect, test } from '../src/own-server.ts'
import { people, signInAs } from '../src/people.ts'

// What they put in force is in force for everybody on their server, so they come one after the other.
test.describe.configure({ mode: 'serial' })
test.use({ storageState: { cookies: [], origins: [] } })

async function openRules(page: Page, who: string): Promise<void> {
  await signInAs(page, who)
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Access rules' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Access rules' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Proposed changes' })).toBeVisible()
}

/** The document in force, with policies taken from customer service; without grants on what this server does not have. */
async function narrowed(page: Page, info: TestInfo): Promise<string> {
  const document = page.getByRole('textbox', { name: 'Access rules as JSON' })
  const rules = JSON.parse(await document.inputValue()) as AccessVersion['rules']
  const grants = rules.grants
    .filter(({ applications }) => !applications.includes('nycflights'))
    .map((grant) => (grant.id === 'customer-service' ? { ...grant, domains: ['customers'] } : grant))
  const path = info.outputPath('rules.json')
  await writeFile(path, JSON.stringify({ ...rules, grants }))
  return path
}

const reason = 'Callers about policies go to the claims desk now.'

test('What is not JSON, and a change without its reason, are not proposed', async ({ page }) => {
  await openRules(page, people.records)
  const document = page.getByRole('textbox', { name: 'Access rules as JSON' })
  await document.fill('{ "grants": ')
  await page.getByRole('button', { name: 'Propose it' }).click()
  await expect(document).toBeFocused()
  await expect(document).toHaveAccessibleDescription('This is not JSON.')
})

test('Rules that would not do are refused with what is wrong', async ({ page, guard }) => {
  guard.expectConsole(/400/)
  await openRules(page, people.records)
  await page.getByRole('textbox', { name: 'Access rules as JSON' }).fill('{ "format": 1 }')
  await page.getByRole('textbox', { name: 'Why should they change?' }).fill(reason)
  await page.getByRole('button', { name: 'Propose it' }).click()
  await expect(page.getByRole('alert')).toContainText('These access rules would not do.')
})

test('A proposal is refused with a reason, which whoever made it reads; another is withdrawn', async ({ page }) => {
  const wide = 'Everybody sees everything.'
  const mistake = 'Proposed by mistake.'
  await openRules(page, people.records)
  const document = page.getByRole('textbox', { name: 'Access rules as JSON' })
  const rules = JSON.parse(await document.inputValue()) as AccessVersion['rules']
  const grants = rules.grants.filter(({ applications }) => !applications.includes('nycflights'))
  await document.fill(JSON.stringify({ ...rules, grants }))
  for (const why of [wide, mistake]) {
    await page.getByRole('textbox', { name: 'Why should they change?' }).fill(why)
    await page.getByRole('button', { name: 'Propose it' }).click()
    await expect(page.getByRole('article', { name: why })).toBeVisible()
  }
  await page.getByRole('article', { name: mistake }).getByRole('button', { name: 'Withdraw it' }).click()
  await expect(page.getByRole('article', { name: mistake })).toBeHidden()

  await openRules(page, people.approval)
  const proposal = page.getByRole('article', { name: wide })
  await proposal.getByText('Refuse it instead').click()
  await proposal.getByRole('button', { name: 'Refuse it' }).click()
  const why = proposal.getByRole('textbox', { name: /^Why not/ })
  await expect(why).toBeFocused()
  await expect(why).toHaveAccessibleDescription('Say why it is refused.')
  await expectAccessible(page, 'a refusal')
  await why.fill('Nobody needs that.')
  await proposal.getByRole('button', { name: 'Refuse it' }).click()
  await expect(proposal).toBeHidden()
  await page.getByText('Earlier proposals').click()
  await expect(proposal).toContainText('Nobody needs that.')
  await expect(page.getByRole('article', { name: mistake })).toContainText('withdrawn')
})

test('A change is read in words by the second person, approved by its number, and then in force', async ({
  page,
}, info) => {
  await openRules(page, people.records)
  await expect(page.getByRole('heading', { name: 'In force: version 1' })).toBeVisible()
  await expectAccessible(page, 'the access rules of who proposes')
  await page.getByLabel('Take it from a file').setInputFiles(await narrowed(page, info))
  await page.getByRole('textbox', { name: 'Why should they change?' }).fill(reason)
  await page.getByRole('button', { name: 'Propose it' }).click()
  const proposal = page.getByRole('article', { name: reason })
  await expect(proposal).toContainText('customer-service: domains no longer: policies.')
  await expect(proposal).toContainText('Grant flights ends: customer-service as searcher, nycflights: all domains')
  await expect(proposal.getByRole('button', { name: 'Approve' })).toHaveCount(0)

  await openRules(page, people.approval)
  await expect(proposal).toContainText('proposed by henrik.lund')
  await expect(proposal).toContainText('customer-service: domains no longer: policies.')
  await expectAccessible(page, 'a proposal')
  await proposal.getByRole('button', { name: 'Approve' }).click()
  const number = proposal.getByRole('textbox')
  await expect(number).toBeFocused()
  await expect(number).toHaveAccessibleDescription('Enter 2 to approve it.')
  await number.fill('2')
  await proposal.getByRole('button', { name: 'Approve' }).click()
  await expect(page.getByRole('heading', { name: 'In force: version 2' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'In force: version 2' })).toContainText('approved by sofia.marin')

  await signInAs(page, people.service)
  await expect(page.getByRole('link', { name: 'Customer file' }).first()).toBeVisible()
  await expect(page.getByRole('link', { name: 'Find a policy' })).toHaveCount(0)
})

test('An auditor reads the rules and changes nothing', async ({ page }) => {
  await openRules(page, people.audit)
  await expect(page.getByRole('region', { name: /^In force/ }).getByRole('row')).not.toHaveCount(0)
  await expect(page.getByRole('button', { name: /Approve|Propose/ })).toHaveCount(0)
})
