import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { endowmentPolicy, juergen } from '@muniment/ingest/sample/pas/anchors'
import { FormPage } from '../pages/FormPage.ts'
import { ResultPage } from '../pages/ResultPage.ts'
import { StartPage } from '../pages/StartPage.ts'
import { writeFilesOf } from '../src/doc-files.ts'
import { expect, test } from '../src/own-server.ts'

test('The files of the example in the docs are a use case, without a restart', async ({ page, ownServer }) => {
  const start = await StartPage.open(page)
  await start.finder.fill('Storno')
  await expect(page.getByRole('link', { name: 'Ended policies' })).toHaveCount(0)
  expect(await writeFilesOf('add-a-use-case.md', ownServer.templates)).toBe(4)
  // The server looks at the folder at most once a second.
  await expect(async () => {
    await page.reload()
    await start.finder.fill('Storno')
    await expect(start.found.getByRole('link', { name: 'Ended policies' })).toBeVisible({ timeout: 1_000 })
  }).toPass()
  await start.openUseCase('Ended policies')

  const form = await FormPage.on(page, 'Ended policies')
  await page.getByRole('button', { name: 'March 2017, expired' }).click()
  await expect(form.field('Ended on or after')).toHaveValue('1 Mar 2017')
  await form.submit.click()
  const result = await ResultPage.on(page, 'Ended policies')
  const row = result.panel('Ended policies').row(endowmentPolicy.policyNumber)
  await expect(row).toContainText(juergen.displayName)
  await row.getByRole('link', { name: endowmentPolicy.policyNumber }).click()
  await ResultPage.on(page, endowmentPolicy.policyNumber)
})

test('A faulty file leaves the last good version in force and is named on the start page', async ({
  page,
  ownServer,
}) => {
  await StartPage.open(page)
  const file = join(ownServer.templates, 'pas', 'use-cases', 'half-typed.json')
  await writeFile(file, '{ "title": "Half')
  try {
    await expect(async () => {
      await StartPage.open(page)
      await expect(page.locator('.application .m-note')).toContainText('half-typed.json', { timeout: 1_000 })
    }).toPass()
    await expect(page.getByRole('link', { name: 'Policy file', exact: true }).first()).toBeVisible()
  } finally {
    // The next test on this server adds files of its own.
    await rm(file)
  }
})
