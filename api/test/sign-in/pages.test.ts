import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { passwordPage, samplePage, sendOnPage } from '../../src/sign-in/html.ts'

const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')
const tokensOf = (css: string) =>
  new Map([...css.matchAll(/^ {2}(--[\w-]+):\s*([^;]+);/gm)].map(([, name, value]) => [name, value]))

describe('The pages of sign-in', () => {
  it('have the colours, letters and sizes of the application', async () => {
    const ours = tokensOf(await read('api/src/sign-in/pages.css'))
    const theirs = tokensOf(
      (await read('web/src/styles/tokens.css')).replace('var(--destroyed)', 'light-dark(#9a2c25, #f0a199)'),
    )
    expect(ours.size).toBeGreaterThan(12)
    for (const [name, value] of ours) expect(theirs.get(name), name).toBe(value)
  })

  it('show any text as text', async () => {
    const hostile = '"><img src=x onerror=alert(1)>'
    const pages = [
      await samplePage([{ id: hostile, name: hostile, role: hostile, groups: [] }]),
      await passwordPage(hostile),
      await sendOnPage(hostile, hostile, { [hostile]: hostile }),
    ]
    for (const html of pages) {
      expect(html).toContain('&lt;img src=x')
      expect(html).not.toContain('<img')
    }
  })
})
