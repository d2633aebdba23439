import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { ResultPage } from '../pages/ResultPage.ts'
import { expect, test } from '../src/own-server.ts'

const hebrew = 'כהן, שרה (ב)'
const arabic = 'الأحمد، رانيا (٢)'

/** A report and a timeline over names that run from right to left, beside ones that do not. */
async function addNames(templates: string): Promise<void> {
  const root = join(templates, 'pas')
  const columns = [
    { name: 'begins_on', type: 'date', label: 'Begin' },
    { name: 'policy_number', type: 'varchar', label: 'Policy number', format: 'identifier' },
    { name: 'payer', type: 'varchar', label: 'Payer' },
    { name: 'heir', type: 'varchar', label: 'Heir' },
    { name: 'clerk', type: 'varchar', label: 'Clerk' },
  ]
  const sql = `SELECT
  begins_on, policy_number, '${hebrew}' AS payer, '${arabic}' AS heir, 'Meier, Anna (3)' AS clerk
FROM policies
WHERE policy_number < '100000100'
ORDER BY policy_number`
  const folder = join(root, 'queries', 'directions')
  await mkdir(folder, { recursive: true })
  const examples = [{ title: 'All', inputs: {}, expect: { rows: 1 } }]
  const query = { title: 'Directions', domain: 'policies', parameters: [], columns, empty: 'None.', examples }
  await writeFile(join(folder, 'query.json'), JSON.stringify(query))
  await writeFile(join(folder, 'query.sql.njk'), `${sql}\n`)
  await writeFile(join(folder, 'view.html.njk'), '{% import "components.njk" as ui %}{{ ui.panel(panel) }}\n')
  const panels = [
    { name: 'names', query: 'directions', title: 'Names' },
    { name: 'story', query: 'directions', title: 'Story', layout: 'timeline' },
  ]
  const useCase = { title: 'Directions', description: 'Both ways.', keywords: [], domain: 'policies', kind: 'report' }
  await writeFile(join(root, 'use-cases', 'directions.json'), JSON.stringify({ ...useCase, panels }))
}

/** Where a text's first and last character stand, in pixels from the left. */
async function endsOf(element: Locator, text: string): Promise<{ first: number; last: number }> {
  return element.evaluate((node, wanted) => {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT)
    for (let one = walker.nextNode(); one; one = walker.nextNode()) {
      const at = one.textContent?.indexOf(wanted) ?? -1
      if (at < 0) continue
      const leftOf = (offset: number) => {
        const range = document.createRange()
        range.setStart(one, offset)
        range.setEnd(one, offset + 1)
        return range.getBoundingClientRect().left
      }
      return { first: leftOf(at), last: leftOf(at + wanted.length - 1) }
    }
    throw new Error(`${wanted} is not there.`)
  }, text)
}

test('Names that run from right to left keep their own order and leave their neighbours where they are', async ({
  page,
  ownServer,
  archive,
}) => {
  await addNames(ownServer.templates)
  await expect.poll(() => archive.search('directions', {}).catch(() => undefined), { timeout: 30_000 }).toBeDefined()
  const search = await archive.search('directions', {})
  const result = await ResultPage.open(page, search.id, 'Directions')
  const { table } = result.panel('Names')
  const cells = table.locator('tbody tr').first().locator('th, td')
  const heads = table.locator('thead th')
  for (const [at, text] of [
    [2, hebrew],
    [3, arabic],
  ] as const) {
    const { first, last } = await endsOf(cells.nth(at), text)
    expect(first, `${text} begins at its right`).toBeGreaterThan(last)
    // Its closing bracket stands at its left, and the column keeps its left edge.
    const button = await heads.nth(at).getByRole('button').boundingBox()
    expect(Math.abs(last - (button?.x ?? 0))).toBeLessThan(4)
  }
  const clerk = await endsOf(cells.nth(4), 'Meier, Anna (3)')
  expect(clerk.first).toBeLessThan(clerk.last)

  const event = result.panel('Story').region.locator('.m-timeline__body').first()
  const label = await endsOf(event, 'Payer: ')
  const payer = await endsOf(event, hebrew)
  expect(label.first).toBeLessThan(payer.last)
  expect(payer.first).toBeGreaterThan(payer.last)
})
