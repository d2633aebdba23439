import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Page } from '@playwright/test'

// Run by the debugger, not by a script element: the content policy would refuse one.
const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Finding {
  id: string
  nodes: { target: string[]; failureSummary?: string }[]
}
interface Axe {
  run(context: Document, options: object): Promise<{ violations: Finding[]; passes: unknown[] }>
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds wrong with a page as it stands: rule, place and what to do. */
export async function axeFindings(page: Page): Promise<string[]> {
  const isThere = await page.evaluate(() => 'axe' in window)
  if (!isThere) await page.evaluate(source)
  const { violations, passes } = await page.evaluate(async (tags) => {
    const { axe } = window as unknown as { axe: Axe }
    const found = await axe.run(document, {
      runOnly: { type: 'tag', values: tags },
      resultTypes: ['violations'],
    })
    return { violations: found.violations, passes: found.passes.length }
  }, rules)
  // Otherwise it looked at an empty page.
  expect(passes).toBeGreaterThan(10)
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
  )
}

export async function expectAccessible(page: Page, where: string): Promise<void> {
  expect.soft(await axeFindings(page), `axe on ${where}`).toEqual([])
}
