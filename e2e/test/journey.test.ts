import { juergen, motorClaim, motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import { FormPage } from '../pages/FormPage.ts'
import { PurposeDialog } from '../pages/PurposeDialog.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { StartPage } from '../pages/StartPage.ts'
import { expect, test } from '../src/test.ts'

test.describe('A caller asks about a policy of the retired system', () => {
  test.use({ purpose: null })

  test('is answered from a misspelt name to the payments of a claim, as of a past date', async ({ page, guard }) => {
    guard.private('Mueller Luedenscheid')
    const start = await StartPage.open(page)
    await start.expectPurpose('not stated yet')
    await start.openUseCase('Find a customer')

    const form = await FormPage.on(page, 'Find a customer')
    await form.field('Name').fill('Mueller Luedenscheid')
    await form.field('Name').press('Enter')
    const dialog = await PurposeDialog.on(page)
    await dialog.choose('Customer enquiry', 'Asked about the premium of 2019')
    await dialog.submit()

    const found = await ResultPage.on(page, 'Find a customer')
    await found.expectPurpose('Customer enquiry: Asked about the premium of 2019')
    const row = found.panel('Customers found').row(juergen.customerNumber)
    await expect(row).toContainText(juergen.displayName)
    await row.getByRole('link', { name: juergen.displayName }).click()

    const customer = await ResultPage.on(page, juergen.partyNumber)
    await expect(customer.titleBlock).toContainText(juergen.displayName)
    const policies = customer.panel('Policies in which the person appears')
    await policies.row(motorPolicy.policyNumber).getByRole('link', { name: motorPolicy.policyNumber }).click()

    const policy = await ResultPage.on(page, motorPolicy.policyNumber)
    await expect(policy.panel('Key facts').fact('Annual premium')).toHaveText(/^587\.90 EUR$/)
    const before = policy.search
    const { validOn, before: told } = motorPolicy.correction
    await page.getByLabel('Valid on', { exact: true }).fill(validOn)
    await page.getByLabel('Known on', { exact: true }).fill(told.knownOn)
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await expect(policy.titleBlock).toContainText('As valid on 1 Oct 2019, known on 1 Jan 2020')
    const dated = await ResultPage.on(page, motorPolicy.policyNumber)
    expect(dated.search).not.toBe(before)
    await expect(dated.panel('Key facts').fact('Annual premium')).toHaveText(/^512\.60 EUR$/)

    await dated.panel('Claims').table.getByRole('link', { name: motorClaim.claimNumber }).click()
    const claim = await ResultPage.on(page, motorClaim.claimNumber)
    await expect(claim.panel('Payments').rows).toHaveCount(motorClaim.payments)

    await page.goBack()
    await ResultPage.on(page, motorPolicy.policyNumber)
    await expect(dated.panel('Key facts').fact('Annual premium')).toHaveText(/^512\.60 EUR$/)
    await page.reload()
    const again = await ResultPage.on(page, motorPolicy.policyNumber)
    await expect(again.panel('Key facts').fact('Annual premium')).toHaveText(/^512\.60 EUR$/)
    await again.expectPurpose('Customer enquiry: Asked about the premium of 2019')
    await page.goBack()
    await expect(policy.titleBlock).toContainText('As the system left it')
  })
})
