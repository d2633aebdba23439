import { FormPage } from '../pages/FormPage.ts'
import { HistoryPage } from '../pages/HistoryPage.ts'
import { PrintPage } from '../pages/PrintPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { addEchoUseCase, echoName } from '../src/echo-use-case.ts'
import { injectTexts } from '../src/injected.ts'
import { mutations, unprintable } from '../src/mutations.ts'
import { asShown, expectNothingRan } from '../src/nothing-ran.ts'
import { expect, test } from '../src/own-server.ts'
import { signInAs } from '../src/people.ts'

const titles = {
  useCase: '<img src=x onerror=window.__pwned=1>{{7*7}} of a use case',
  kind: '<svg><style><img src=1 onerror=window.__pwned=1> of a kind',
  panels: [
    '"><svg/onload=window.__pwned=1>// of a table',
    '<noscript><p title="</noscript><img src=x onerror=window.__pwned=1>"> of facts',
    '<iframe srcdoc="<script>parent.__pwned=1</script>"> of a timeline',
  ],
  column: '<details open ontoggle=window.__pwned=1> of a column',
  parameter: '<form id=content><input name=body> of a field',
} as const

test('What a record holds, a search asks and a title says is shown letter by letter in every layout, list, form and document', async ({
  page,
  guard,
  archive,
  ownServer,
}) => {
  guard.private(...mutations)
  await addEchoUseCase(ownServer.templates, mutations, titles)
  const inputs = Object.fromEntries(mutations.map((text, at) => [echoName(at), text]))
  await expect(async () => archive.search('echo', inputs)).toPass({ timeout: 30_000 })
  const search = await archive.search('echo', inputs)
  const expected = mutations.map(asShown)

  const file = await ResultPage.open(page, search.id, mutations[0] ?? '')
  await expect(page.locator('.title-block__kind')).toHaveText(titles.kind)
  const table = file.panel(titles.panels[0])
  await expect(table.column('words')).toContainText(titles.column)
  const columns = ['words', 'note', 'id', 'way']
  const first = await Promise.all(columns.map((column) => table.valuesOf(column)))
  await table.region.getByRole('button', { name: 'Next' }).click()
  await expect(table.rows).toHaveCount(mutations.length - (first[0]?.length ?? 0))
  for (const [at, column] of columns.entries()) {
    const values = [...(first[at] ?? []), ...(await table.valuesOf(column))]
    expect.soft(values.map(asShown), column).toEqual(expected)
  }
  const onFirstPage = expected.slice(0, first[0]?.length)
  for (const title of titles.panels.slice(1)) {
    const shown = asShown((await file.panel(title).region.locator('.fragment').textContent()) ?? '')
    expect
      .soft(
        onFirstPage.filter((text) => !shown.includes(text)),
        title,
      )
      .toEqual([])
  }
  await expectNothingRan(page)

  await page.getByRole('link', { name: 'Print', exact: true }).click()
  const print = await PrintPage.on(page)
  const printed = asShown((await print.document.textContent()) ?? '')
  expect.soft([...expected, ...titles.panels, titles.kind].filter((text) => !printed.includes(text))).toEqual([])
  await expectNothingRan(page)

  await page.getByRole('link', { name: 'Back to the result' }).click()
  await page.getByRole('link', { name: 'Change the search' }).click()
  const form = await FormPage.on(page, titles.useCase)
  for (const [at, text] of mutations.entries())
    await expect.soft(form.field(`${titles.parameter} ${echoName(at)}`)).toHaveValue(text)
  await expectNothingRan(page)

  await form.go('Your searches')
  const entry = (await HistoryPage.on(page)).entry(titles.useCase).first()
  const listed = asShown((await entry.textContent()) ?? '')
  expect.soft(expected.filter((text) => !listed.includes(text))).toEqual([])
  await expectNothingRan(page)
})

test('Were nothing escaped, the page would still run, fetch and take over nothing of it', async ({
  page,
  context,
  guard,
  archive,
}) => {
  // The sanitiser parses in a document without a window, where nothing runs; Chromium reports there what it would refuse elsewhere.
  guard.expectViolation(/^(style-src|script-src)-(elem|attr), inline, http:[^ ]+\/assets\/sanitise-/)
  guard.expectConsole(/(Applying inline style|Executing inline event handler) violates .* The action has been blocked/)
  const search = await archive.search('codes', { list: 'vtrstat' })
  const rows = [...mutations, ...unprintable].map((text) => `<div class="m-note">${text}</div><p>after</p>`)
  await context.route('**/panels/*', (route) =>
    route.fulfill({ contentType: 'text/html; charset=utf-8', body: `<p>before</p>${rows.join('')}` }),
  )
  await ResultPage.open(page, search.id, 'Codes and their meaning')
  await expect(page.locator('.fragment')).toContainText('before')
  await expectNothingRan(page)
  const named = page.locator(
    '.fragment :is([id], [name], [style], [src], [srcdoc], [href], form, input, template, svg)',
  )
  await expect(named).toHaveCount(0)
})

for (const [address, who] of [
  ['/', undefined],
  ['/searches', undefined],
  ['/applications/pas/model', undefined],
  ['/applications/pas/use-cases/find-customer', undefined],
  ['/settings', undefined],
  ['/access', 'Henrik Lund'],
] as const) {
  test(`Whatever the answers on ${address} hold is shown as text`, async ({ page, context }) => {
    if (who) await signInAs(page, who)
    const put = await injectTexts(context, [...mutations, ...unprintable])
    await page.goto(address)
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
    await page.waitForLoadState('networkidle')
    const shown = await page.evaluate(() => [
      document.body.textContent ?? '',
      ...[...document.querySelectorAll('[title], [placeholder]')].flatMap((one) => [
        one.getAttribute('title') ?? '',
        one.getAttribute('placeholder') ?? '',
      ]),
    ])
    const seen = [...put].filter((text) => shown.some((some) => asShown(some).includes(asShown(text))))
    expect(seen.length).toBeGreaterThan(1)
    await expectNothingRan(page)
  })
}

test('Titles of pinned use cases are shown letter by letter, and what the browser keeps of pins runs nothing', async ({
  page,
  context,
}) => {
  await context.route('**/api/applications/pas/use-cases', async (route) => {
    const useCases: object[] = await (await route.fetch()).json()
    const named = mutations.map((title, at) => ({ ...useCases[0], name: `pinned-${at}`, title, description: title }))
    await route.fulfill({ json: [...useCases, ...named] })
  })
  const pinned = page.getByRole('region', { name: 'Pinned' })
  // As many as are shown at once.
  for (let from = 0; from < mutations.length; from += 6) {
    const texts = mutations.slice(from, from + 6)
    const pins = texts.flatMap((text, at) => [text, `pas/${text}`, `pas/pinned-${from + at}`])
    await page.goto('/settings')
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.evaluate((kept) => localStorage.setItem('muniment.pins', kept), JSON.stringify(pins))
    await page.goto('/')
    await expect(pinned.getByRole('link')).toHaveText(texts.map(asShown))
    const labels = await pinned.getByRole('button').evaluateAll((all) => all.map((one) => one.ariaLabel ?? ''))
    expect(labels.map(asShown)).toEqual(texts.map((text) => expect.stringContaining(asShown(text))))
    await expectNothingRan(page)
  }
})

test('Names of people, references of requests, file names and sentences of errors are shown letter by letter', async ({
  page,
  context,
  guard,
  archive,
}) => {
  guard.expectConsole(/Failed to load resource/)
  const [person, group, request, file, sentence, notice] = mutations.slice(10, 16).map(asShown)
  const search = await archive.search('codes', { list: 'vtrstat' })
  const answer = (path: string, change: (body: Record<string, unknown>) => object) =>
    context.route(path, async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: change(await response.json()) })
    })
  await answer('**/api/me', (me) => ({ ...me, name: person, groups: [group] }))
  await answer(`**/api/searches/${search.id}*`, (body) => ({ ...body, person, purpose: { request } }))
  await answer('**/api/exports/*', (job) => ({ ...job, state: 'failed', fileName: file, problem: undefined }))
  await context.route('**/panels/*', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: 'about:blank', title: notice, status: 503, detail: sentence, instance: request }),
    }),
  )
  const result = await ResultPage.open(page, search.id, 'Codes and their meaning')
  await expect(result.header.locator('.frame__name')).toHaveText(person ?? '')
  await expect(result.header).toContainText(asShown(group ?? '').slice(0, 20))
  await expect(page.getByRole('alert').first()).toContainText(sentence ?? '', { timeout: 30_000 })
  await page.getByText('About this search').click()
  for (const text of [person, request]) await expect(page.locator('main details[open]')).toContainText(text ?? '')
  const panel = page.locator('section.panel').first()
  await panel.getByRole('button', { name: 'Export', exact: true }).click()
  await page.getByRole('menuitem', { name: /^CSV/ }).click()
  await expect(panel.locator('.job')).toContainText(file ?? '')
  await expectNothingRan(page)
})
