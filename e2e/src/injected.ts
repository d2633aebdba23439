import type { BrowserContext } from '@playwright/test'

/** Members of the API's answers that people read: titles, values, names, purposes, files, sentences of errors. */
const shown = new Set([
  ...['title', 'description', 'label', 'hint', 'keywords', 'empty', 'value', 'number', 'holder'],
  ...['person', 'name', 'groups', 'contact', 'note', 'request', 'fileName', 'detail', 'source', 'unit'],
])
/** Names that are keys of something and not read. */
const isKey = (path: string, key: string) => key === 'name' && !/\/api\/me$/.test(path)

/** Puts texts in place of whatever is read in the answers below /api, one after the other, and gives those that were put. */
export async function injectTexts(context: BrowserContext, texts: readonly string[]): Promise<Set<string>> {
  const put = new Set<string>()
  let next = 0
  const replace = (value: unknown, path: string, key = ''): unknown => {
    if (typeof value === 'string') {
      if (!shown.has(key) || isKey(path, key)) return value
      const text = texts[next++ % texts.length] ?? ''
      put.add(text)
      return text
    }
    if (Array.isArray(value)) return value.map((item) => replace(item, path, key))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, replace(item, path, name)]))
  }
  await context.route('**/api/**', async (route) => {
    const response = await route.fetch()
    if (!/json/.test(response.headers()['content-type'] ?? '')) return route.fulfill({ response })
    const path = new URL(route.request().url()).pathname
    return route.fulfill({ response, json: replace(await response.json(), path) })
  })
  return put
}
