import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { passwordPage, samplePage, sendOnPage } from '../../src/sign-in/html.ts'
import { signInStyles } from '../../src/sign-in/styles.ts'

const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')

describe('The pages of sign-in', () => {
  it('have the colours, letters and sizes of the application, and none of their own', async () => {
    const { css } = signInStyles()
    const own = await read('api/src/sign-in/pages.css')
    expect(css).toContain(await read('web/src/styles/tokens.css'))
    expect(css).toContain(own)
    expect(own).not.toMatch(/#[0-9a-f]{3,8}\b|^\s*--[\w-]+:/m)
    const declared = new Set([...css.matchAll(/^ {2}(--[\w-]+):/gm)].map(([, name]) => name))
    const used = [...own.matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name)
    expect(used.length).toBeGreaterThan(12)
    expect(used.filter((name) => !declared.has(name))).toEqual([])
  })

  it('have the serif of the application, without a build of it', async () => {
    const { css, fonts } = signInStyles()
    const addresses = [...css.matchAll(/url\("([^"]+)"\)/g)].map(([, address]) => address)
    expect(addresses).toEqual([...fonts.keys()].map((name) => `/oidc/fonts/${name}`))
    expect(fonts.size).toBeGreaterThan(1)
    for (const file of fonts.values()) expect((await readFile(file)).subarray(0, 4).toString()).toBe('wOF2')
    const preloaded = /<link rel="preload" href="([^"]+)"/.exec(await passwordPage())?.[1]
    expect(addresses).toContain(preloaded)
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
