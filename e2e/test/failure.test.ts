import { motorPolicy } from '@muniment/ingest/sample/pas/anchors'
import { FormPage } from '../pages/FormPage.ts'
import { HistoryPage } from '../pages/HistoryPage.ts'
import { Panel } from '../pages/Panel.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { StartPage } from '../pages/StartPage.ts'
import { expect, test } from '../src/own-server.ts'

const refused = /Failed to load resource/

test('A panel whose engine is killed says so, and takes neither the page nor the next search down', async ({
  page,
  engine,
}) => {
  const form = await FormPage.open(page, 'endless', 'Quick and endless')
  await form.submit.click()
  const quick = new Panel(page, 'Quick')
  await expect(quick.rows.first()).toBeVisible()
  await expect(page.getByRole('progressbar', { name: 'Reading the archive: 1 of 2 parts done.' })).toBeVisible()
  expect(await engine.kill()).toBeGreaterThan(0)

  const failed = new Panel(page, 'Endless').region.getByRole('alert')
  await expect(failed).toBeVisible()
  await expect(failed).toContainText(/[a-z]{3,}.*\./)
  await expect(page.getByText('Not all parts of this search could be read.')).toBeVisible()
  await expect(quick.rows.first()).toBeVisible()

  const next = await FormPage.open(page, 'policy-file', 'Policy file')
  await next.field('Policy number').fill(motorPolicy.policyNumber)
  await next.submit.click()
  const file = await ResultPage.on(page, motorPolicy.policyNumber)
  await expect(file.panel('Key facts').fact('Annual premium')).toBeVisible()
})

test('A search that is stopped says what was read and what was not, and leaves the engine free', async ({
  page,
  engine,
}) => {
  const form = await FormPage.open(page, 'endless', 'Quick and endless')
  await form.submit.click()
  const quick = new Panel(page, 'Quick')
  await expect(quick.rows.first()).toBeVisible()
  await page.getByRole('button', { name: 'Stop the search' }).click()
  await expect(
    page.getByText('You stopped this search. What was found until then is shown; the rest was not read.'),
  ).toBeVisible()
  await expect(new Panel(page, 'Endless').region).toContainText('Stopped before this part was read.')
  await expect(quick.rows.first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Search again' })).toBeVisible()
  expect((await engine.processes()).length).toBeGreaterThan(0)

  await form.go('Your searches')
  const history = await HistoryPage.on(page)
  await expect(history.entry('Quick and endless').first()).toContainText('stopped')
})

test('A running search may be left and come back to', async ({ page, engine }) => {
  expect(await engine.processes()).not.toEqual([])
  const form = await FormPage.open(page, 'endless', 'Quick and endless')
  await form.submit.click()
  await expect(new Panel(page, 'Quick').rows.first()).toBeVisible()
  const address = page.url()
  await form.go('Search')
  await StartPage.on(page)
  await page.goto(address)
  await expect(page.getByRole('progressbar', { name: 'Reading the archive: 1 of 2 parts done.' })).toBeVisible()
  await page.getByRole('button', { name: 'Stop the search' }).click()
  await expect(page.getByText('You stopped this search.')).toBeVisible()
})

test('An export that is stopped says that nothing was kept', async ({ page, archive, engine }) => {
  expect(await engine.processes()).not.toEqual([])
  const search = await archive.search('many-rows', {})
  const result = await ResultPage.open(page, search.id, 'Many rows')
  const panel = result.panel('Many rows')
  await expect(panel.region).toContainText('the first 10,000 rows of more; an export has all')
  await panel.startExport('Excel')
  await expect(panel.jobs).toContainText(`Preparing pas-many-rows-rows-${search.id}.xlsx`)
  await panel.jobs.getByRole('button', { name: 'Stop' }).click()
  await expect(panel.jobs).toContainText('was stopped; nothing was kept')
  await expect(panel.jobs.getByRole('button', { name: 'Download' })).toHaveCount(0)
})

test('A search that does not exist, or is not one, is told kindly', async ({ page, guard }) => {
  guard.expectConsole(refused)
  for (const id of ['01890000-0000-7000-8000-000000000000', 'not-an-id']) {
    await page.goto(`/searches/${id}`)
    await expect(page.getByRole('heading', { level: 1, name: 'There is no such search' })).toBeVisible()
    await expect(page.getByText('It may be somebody else’s, or it was removed when its time was up.')).toBeVisible()
  }
  await page.getByRole('link', { name: 'See your searches' }).click()
  await HistoryPage.on(page)
})

test('A use case that does not exist leads to those that do', async ({ page }) => {
  await page.goto('/applications/pas/use-cases/no-such')
  await expect(page.getByRole('heading', { level: 1, name: 'There is no use case at this address' })).toBeVisible()
  await page.getByRole('link', { name: 'See all use cases' }).click()
  await StartPage.on(page)
})

test.describe('While the server does not answer', () => {
  test('a form keeps what was typed and says what to do', async ({ page, guard, context }) => {
    guard.expectConsole(refused)
    const form = await FormPage.open(page, 'policy-file', 'Policy file')
    await form.field('Policy number').fill(motorPolicy.policyNumber)
    await context.route('**/api/searches', (route) => route.abort())
    await form.submit.click()
    const told = page.getByRole('alert')
    await expect(told).toContainText('The archive cannot be reached')
    await expect(told).toContainText('Nothing you typed is lost.')
    await expect(form.field('Policy number')).toHaveValue(motorPolicy.policyNumber)
    await context.unroute('**/api/searches')
    await form.submit.click()
    await ResultPage.on(page, motorPolicy.policyNumber)
  })

  test('a result says so for the panel alone, and reads it when asked again', async ({
    page,
    guard,
    context,
    archive,
  }) => {
    guard.expectConsole(refused)
    const search = await archive.search('policy-file', { policy_number: motorPolicy.policyNumber })
    await context.route('**/panels/invoices?*', (route) => route.abort())
    await page.goto(`/searches/${search.id}`)
    const invoices = new Panel(page, 'Invoices')
    await expect(invoices.region.getByRole('alert')).toContainText('The archive cannot be reached')
    await expect(new Panel(page, 'Claims').rows.first()).toBeVisible()
    await context.unroute('**/panels/invoices?*')
    await invoices.region.getByRole('button', { name: 'Try again' }).click()
    await expect(invoices.rows.first()).toBeVisible()
    await expect(invoices.region.getByRole('alert')).toHaveCount(0)
  })

  test('each page says so in a sentence', async ({ page, guard, context }) => {
    guard.expectConsole(refused)
    await context.route('**/api/**', (route) => route.abort())
    for (const address of ['/', '/applications/pas/use-cases/policy-file', '/searches', '/applications/pas/model']) {
      await page.goto(address)
      await expect.soft(page.getByRole('alert').first(), address).toContainText('The server does not answer.')
    }
  })
})
