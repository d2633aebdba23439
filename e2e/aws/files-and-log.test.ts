import { motorClaim, motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import { AuditPage } from '../pages/AuditPage.ts'
import { FormPage } from '../pages/FormPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { people, signInAs } from '../src/people.ts'
import { requiredAws } from '../src/setting.ts'
import { expect, test } from '../src/test.ts'

test('A file comes from S3, by an address that is signed and good for minutes', async ({ page, archive }) => {
  const search = await archive.search('claim-file', { claim_number: motorClaim.claimNumber })
  const claim = await ResultPage.open(page, search.id, motorClaim.claimNumber)
  const addresses: URL[] = []
  page.context().on('request', (request) => addresses.push(new URL(request.url())))
  const download = await claim.panel('Payments').download('CSV')
  expect(download.suggestedFilename()).toMatch(/\.csv$/)
  const from = new URL(download.url())
  const [, s3] = requiredAws().also
  expect(from.origin).toBe(s3)
  expect(from.searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/)
  const expires = Number(from.searchParams.get('X-Amz-Expires'))
  expect(expires).toBeGreaterThan(0)
  expect(expires).toBeLessThanOrEqual(15 * 60)
  // Whoever changes anything about it gets nothing.
  const key = from.pathname
  const other = new URL(from)
  other.pathname = key.replace(/\/results\//, '/archive/')
  expect(other.href).not.toBe(from.href)
  expect((await fetch(other)).status).toBe(403)
})

test.describe('An auditor', () => {
  test.use({ storageState: { cookies: [], origins: [] } })

  test('learns who looked at a record, and has the log checked', async ({ page }) => {
    await signInAs(page, people.accounting)
    const form = await FormPage.open(page, 'policy-file', 'Policy file')
    await form.field('Policy number').fill(motorPolicy.policyNumber)
    await form.submit.click()
    const { search } = await ResultPage.on(page, motorPolicy.policyNumber)

    await signInAs(page, people.audit)
    await page.getByRole('link', { name: 'Read the audit log' }).click()
    const audit = await AuditPage.on(page)
    await audit.ask('Who looked at this record?', {
      Application: 'Policy administration system',
      'Kind of record': 'Policies',
      'Policy number': motorPolicy.policyNumber,
    })
    const row = audit.row('policy-file').filter({ hasText: 'Searched' }).first()
    await row.getByRole('button', { name: /^Details of/ }).click()
    await expect(audit.answer.locator('.audit-table__details')).toContainText(search)

    await audit.verification.getByRole('button', { name: 'Check now' }).click()
    await expect(audit.verification.locator('.verification__state')).toHaveText('Nothing is wrong.')
  })
})
