import type { AuditEntries, AuditEntry, AuditNames, AuditVerification } from '@muniment/api/contract'
import type { BrowserContext } from '@playwright/test'
import { AuditPage } from '../pages/AuditPage.ts'
import { mutations, unprintable } from '../src/mutations.ts'
import { asShown, expectNothingRan } from '../src/nothing-ran.ts'
import { people, signInAs } from '../src/people.ts'
import { expect, test } from '../src/test.ts'

test.use({ storageState: { cookies: [], origins: [] } })

const at = '2026-11-20T10:00:00.000Z'
const texts = [...mutations, ...unprintable]

/** What was hostile may be in each member that comes from a person, a template, a file or a token. */
const entryOf = (text: string, number: number): AuditEntry => ({
  id: `01a1aaaa-0000-7000-8000-${String(number).padStart(12, '0')}`,
  began: at,
  ended: at,
  action: number % 3 === 0 ? 'load' : number % 3 === 1 ? 'refusal' : text,
  outcome: number % 4 === 0 ? text : 'refused',
  person: `person ${text}`,
  roles: [`role ${text}`],
  groups: [`group ${text}`],
  rules: 1,
  purpose: { request: `request ${text}`, noted: true },
  subject: { application: `application ${text}`, useCase: `use case ${text}`, files: [`file ${text}`] },
  detail: { refused: `refusal ${text}` },
  covered: false,
  ...(number % 5 === 0 && { wrong: `wrong ${text}` }),
})

async function answerWith(context: BrowserContext): Promise<void> {
  const entries: AuditEntries = { entries: texts.map(entryOf), from: at, until: at, damaged: texts, forgotten: texts }
  const verification: AuditVerification = {
    ...{ state: 'done', ok: false, checkedAt: at, sentences: texts, key: texts[0] ?? '' },
    findings: texts.map((message, number) => ({ kind: 'without-closing', of: String(number), message })),
    firstWrong: { file: texts[1] ?? '', entry: 1, message: texts[2] ?? '' },
    witness: texts.map((name) => ({ name, checkpoints: 1, largest: 1 })),
  }
  const names: AuditNames = texts.map((text, number) => ({
    ...{ name: `a-${number}`, title: text },
    tables: [{ name: 't', title: `table ${text}`, key: [{ name: 'k', label: `key ${text}` }] }],
  }))
  await context.route('**/api/audit/entries', (route) => route.fulfill({ json: entries }))
  await context.route('**/api/audit/verification', (route) => route.fulfill({ json: verification }))
  await context.route('**/api/audit/names', (route) => route.fulfill({ json: names }))
}

test('Names, groups, purposes, refusals and file names are shown to auditors letter by letter', async ({
  page,
  context,
}) => {
  await signInAs(page, people.audit)
  await answerWith(context)
  await page.goto('/audit')
  const audit = await AuditPage.on(page)
  for (const summary of await audit.verification.locator('summary').all()) await summary.click()
  const checked = asShown((await audit.verification.textContent()) ?? '')
  expect(texts.map(asShown).filter((text) => !checked.includes(text))).toEqual([])

  await audit.ask('What did somebody do?', { Person: 'anybody' })
  await expect(audit.rows).toHaveCount(texts.length)
  for (const [number, text] of texts.entries()) {
    const row = audit.answer.locator('tbody > tr:not(.audit-table__details)').nth(number)
    await expect.soft(row.locator('th')).toHaveText(asShown(`person ${text}`))
    await expect.soft(row).toContainText(asShown(`use case ${text}`))
    await expect.soft(row).toContainText(asShown(`request ${text}`))
  }
  const answered = asShown((await audit.answer.textContent()) ?? '')
  expect(texts.map(asShown).filter((text) => !answered.includes(text))).toEqual([])
  for (const [number, entry] of texts.map(entryOf).entries()) {
    await audit.answer.getByRole('button', { name: `Details of ${entry.id}` }).click()
    const details = asShown((await audit.answer.locator('.audit-table__details').textContent()) ?? '')
    const said = ['group', 'request', 'file', 'refusal', ...(entry.wrong === undefined ? [] : ['wrong'])]
    const text = asShown(texts[number] ?? '')
    // A role is read without its hyphens.
    const unhyphened = (some: string) => asShown(some.replaceAll('-', ' '))
    expect.soft(unhyphened(details), `entry ${number}`).toContain(unhyphened(`role ${text}`))
    expect
      .soft(
        said.filter((what) => !details.includes(`${what} ${text}`)),
        `entry ${number}`,
      )
      .toEqual([])
  }
  await expectNothingRan(page)
})

test('Kinds of records and their keys are offered to auditors letter by letter', async ({ page, context }) => {
  await signInAs(page, people.audit)
  await answerWith(context)
  await page.goto('/audit')
  await AuditPage.on(page)
  const applications = page.getByRole('combobox', { name: 'Application' })
  const offered = await applications.locator('option').allTextContents()
  expect(offered.slice(1).map(asShown)).toEqual(texts.map(asShown))
  for (const text of [texts[0] ?? '', texts[18] ?? '', texts[34] ?? '']) {
    await applications.selectOption({ label: text })
    await page.getByRole('combobox', { name: 'Kind of record' }).selectOption({ index: 1 })
    await expect(page.locator('label', { hasText: 'key ' })).toContainText(asShown(`key ${text}`))
  }
  await expectNothingRan(page)
})

test('Reasons of proposals and of their refusal are shown letter by letter', async ({ page, context }) => {
  await signInAs(page, people.records)
  await context.route('**/api/access/proposals', async (route) => {
    const { rules, number } = await (await route.fetch({ url: new URL('/api/access/rules', page.url()).href })).json()
    const grants = texts.map((text) => ({
      ...rules.grants[0],
      id: text,
      groups: [text],
      reason: text,
      useCases: [text],
    }))
    const proposal = (text: string, index: number) => ({
      ...{ id: `p${index}`, state: index % 2 === 0 ? 'open' : 'refused', against: number, reason: text },
      proposed: { by: `by ${text}`, at },
      rules: { ...rules, ...(index === 0 && { title: text, contact: text, grants }) },
      ...(index % 2 === 1 && { ended: { by: `ended ${text}`, at, reason: `refused ${text}` } }),
    })
    await route.fulfill({ json: texts.map(proposal) })
  })
  await page.goto('/access')
  const proposals = page.getByRole('region', { name: 'Proposed changes' })
  await expect(proposals).toBeVisible()
  await proposals.locator('summary').last().click()
  const titles = await proposals.getByRole('heading', { level: 3, includeHidden: true }).allTextContents()
  expect(titles.map(asShown).sort()).toEqual(texts.map(asShown).sort())
  const shown = asShown((await proposals.textContent()) ?? '')
  const refused = texts.filter((_, index) => index % 2 === 1).map((text) => asShown(`refused ${text}`))
  expect(refused.filter((text) => !shown.includes(text))).toEqual([])
  const changed = asShown((await proposals.locator('.proposal').first().textContent()) ?? '')
  expect(texts.map(asShown).filter((text) => !changed.includes(text))).toEqual([])
  await expectNothingRan(page)
})
