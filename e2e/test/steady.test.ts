import { fleet, juergen } from '@muniment/ingest/sample/pas/anchors'
import { ResultPage } from '../pages/ResultPage.ts'
import { expect, test } from '../src/test.ts'

interface Shift extends PerformanceEntry {
  value: number
  hadRecentInput: boolean
}

const cases = [
  { useCase: 'policy-file', inputs: { policy_number: fleet.policyNumber }, title: fleet.policyNumber },
  { useCase: 'customer-file', inputs: { party_number: juergen.partyNumber }, title: juergen.partyNumber },
  { useCase: 'find-customer', inputs: { surname: 'Mayer', match: 'sound' }, title: 'Find a customer' },
]

for (const { useCase, inputs, title } of cases) {
  test(`What is in sight of a result stays where it is while its parts arrive: ${useCase}`, async ({
    page,
    archive,
  }) => {
    await page.addInitScript(() => {
      const moved: string[] = []
      Object.assign(window, { moved })
      new PerformanceObserver((list) => {
        for (const shift of list.getEntries() as Shift[]) {
          if (shift.value > 0.01 && !shift.hadRecentInput) moved.push(`${shift.value.toFixed(3)} of the window`)
        }
      }).observe({ type: 'layout-shift', buffered: true })
    })
    await page.route('**/panels/**', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 600))
      await route.continue()
    })
    const search = await archive.search(useCase, inputs)
    await page.goto(`/searches/${search.id}`)
    await expect(page.locator('.skeleton').first()).toBeVisible()
    await ResultPage.on(page, title)
    expect(await page.evaluate(() => (window as unknown as { moved: string[] }).moved)).toEqual([])
  })
}
