import { readFile } from 'node:fs/promises'
import { motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import type { Page } from '@playwright/test'
import { AuditPage } from '../pages/AuditPage.ts'
import { FormPage } from '../pages/FormPage.ts'
import { PrintPage } from '../pages/PrintPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { expectAccessible } from '../src/axe.ts'
import { people, signInAs } from '../src/people.ts'
import { expect, test } from '../src/test.ts'

test.use({ storageState: { cookies: [], origins: [] } })

async function openAudit(page: Page): Promise<AuditPage> {
  await signInAs(page, people.audit)
  await page.getByRole('link', { name: 'Read the audit log' }).click()
  return AuditPage.on(page)
}

async function seeAndPrint(page: Page, who: string): Promise<string> {
  await signInAs(page, who)
  const form = await FormPage.open(page, 'policy-file', 'Policy file')
  await form.field('Policy number').fill(motorPolicy.policyNumber)
  await form.submit.click()
  const { search } = await ResultPage.on(page, motorPolicy.policyNumber)
  await page.getByRole('link', { name: 'Print' }).click()
  await PrintPage.on(page)
  return search
}

test('An auditor learns who looked at a record and who opened it to print', async ({ page }) => {
  const search = await seeAndPrint(page, people.accounting)
  const audit = await openAudit(page)
  await audit.ask('Who looked at this record?', {
    Application: 'Policy administration system',
    'Kind of record': 'Policies',
    'Policy number': motorPolicy.policyNumber,
  })
  await expect(audit.answer.locator('.audit-answer__people')).toContainText('paul.okafor')
  await expect(audit.row('paul.okafor').filter({ hasText: 'Searched' }).first()).toContainText('policy-file')
  await audit.ask('Who looked at this record?', { 'Policy number': '999999999' })
  await expect(audit.answer).toContainText('Nothing in the log answers this')

  await audit.ask('What did somebody do?', { Person: 'paul.okafor' })
  const print = audit.row('Opened a print view').first()
  await print.getByRole('button', { name: /^Details of/ }).click()
  await expect(audit.answer.locator('.audit-table__details')).toContainText(search)
})

test('An entry says all that the log knows of it, and how it is proved', async ({ page }) => {
  const audit = await openAudit(page)
  await audit.ask('What did somebody do?', { Person: 'noor.aziz' })
  const [row] = await audit.row('Signed in').all()
  await row?.getByRole('button', { name: /^Details of/ }).click()
  const details = audit.answer.locator('.audit-table__details')
  await expect(details).toContainText('internal-audit')
  await expect(details).toContainText('version 1')
  await expect(details).toContainText(/A signed checkpoint covers it|No checkpoint covers it yet/)
  await expectAccessible(page, 'an entry of the log')
})

test('What an answer holds can be taken along as a table', async ({ page }) => {
  const audit = await openAudit(page)
  await audit.ask('What did somebody do?', { Person: 'noor.aziz' })
  const downloaded = page.waitForEvent('download')
  await audit.answer.getByRole('button', { name: 'Download CSV' }).click()
  const file = await downloaded
  const lines = (await readFile(await file.path(), 'utf8')).split('\r\n')
  expect(file.suggestedFilename()).toBe('audit-log.csv')
  expect(lines[0]).toContain('id,began,ended,action,outcome,person')
  expect(
    lines
      .slice(1)
      .filter((line) => line !== '')
      .every((line) => line.includes('"noor.aziz"')),
  ).toBe(true)
  expect(lines.length).toBeGreaterThan(2)
})

test('A question that lacks something says what, and the focus is there', async ({ page }) => {
  await openAudit(page)
  await page.getByRole('button', { name: 'Look it up' }).click()
  await page.getByRole('radio', { name: 'What did somebody do?' }).check()
  await page.getByRole('button', { name: 'Look it up' }).click()
  const person = page.getByRole('textbox', { name: 'Person' })
  await expect(person).toBeFocused()
  await expect(person).toHaveAccessibleDescription(/Enter person\./)
})

test('The log is checked when somebody asks, and what nobody can tell is said', async ({ page }) => {
  const audit = await openAudit(page)
  await audit.verification.getByRole('button', { name: 'Check now' }).click()
  await expect(audit.verification.locator('.facts')).toContainText('Checked ')
  await expect(audit.verification.locator('.verification__state')).toHaveText('Nothing is wrong.')
  await audit.verification.getByText('What was checked, and what nobody can tell').click()
  await expect(audit.verification).toContainText('The public key was taken from this machine')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await expectAccessible(page, `the audit log, ${colorScheme}`)
  }
})

test('A log that was tampered with says first what is wrong, in words', async ({ page }) => {
  const firstWrong = { file: 'audit/tile/0/000', entry: 17, message: 'it is not what the entries make.' }
  const state = {
    state: 'done',
    ok: false,
    checkedAt: '2026-11-20T10:00:00.000Z',
    sentences: [],
    findings: [],
    firstWrong,
  }
  await page.route('**/api/audit/verification', (route) => route.fulfill({ json: state }))
  const audit = await openAudit(page)
  await expect(audit.verification.locator('.verification__state')).toHaveText('Something is wrong with the log.')
  await expect(audit.verification.locator('.problem')).toContainText('audit/tile/0/000, entry 17')
})
