import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AwsSetting, awsVariable } from '@muniment/e2e/setting'
import { startEdge } from '../edge/edge.ts'
import { createSignInPages } from '../edge/sign-in-pages.ts'
import { checkout } from '../install/cache-folder.ts'
import type { Equipment } from '../install/install.ts'
import { tool } from '../install/tool.ts'
import { deployedHeaders } from './deployed-headers.ts'
import { signInHost } from './environment.ts'
import { checkSecondFactor } from './people.ts'
import { playwrightTests } from './playwright-report.ts'
import { findBrowser } from './scripts.ts'
import type { Rehearsal } from './state.ts'

/** Pages in Chromium, through CloudFront and Cognito's pages: each browser test is a step. */
export async function rehearseBrowser({ report, standIns, deployed, people }: Rehearsal, equipment: Equipment) {
  const { folder, aws } = standIns
  const signIn = createSignInPages(aws, (username, password, code) =>
    checkSecondFactor(standIns, deployed, { username, password, code }),
  )
  const site = new URL(deployed.origin).host
  const edge = await startEdge({ equipment, aws, site, pages: signInHost, signIn })
  try {
    const setting: AwsSetting = {
      origin: deployed.origin,
      api: `${aws}/_aws/execute-api/${deployed.apiId}/$default`,
      also: [`https://${signInHost}`, aws],
      resolverRules: edge.resolverRules,
      token: `${aws}/oauth2/token`,
      clientId: deployed.clientId,
      headers: deployedHeaders(folder),
      people: [...people.signed.values()],
    }
    const settingFile = join(folder, 'browser.json')
    writeFileSync(settingFile, JSON.stringify(setting))
    const results = join(folder, 'playwright.json')
    let ended = ''
    await report.step('Browser: Chromium is there, and its tests ran', async () => {
      const browser = await findBrowser()
      const env = {
        ...(browser !== undefined && { MUNIMENT_TEST_BROWSER: browser }),
        [awsVariable]: settingFile,
        PLAYWRIGHT_JSON_OUTPUT_NAME: results,
      }
      const cli = join(checkout, 'node_modules', '@playwright', 'test', 'cli.js')
      const config = join(checkout, 'e2e', 'aws.config.ts')
      await tool(process.execPath, [cli, 'test', '-c', config, '--reporter=json'], env).catch((error: Error) => {
        ended = error.message
      })
      return undefined
    })
    const tests = playwrightTests(readFileSync(results, 'utf8'))
    for (const { title, seconds, problem } of tests) report.ran(`Browser: ${title}`, seconds, problem)
    if (tests.length === 0) report.ran('Browser: tests ran', 0, ended)
  } finally {
    await edge.stop()
  }
}
