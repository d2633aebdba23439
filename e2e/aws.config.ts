import { defineConfig } from '@playwright/test'
import base from './playwright.config.ts'
import { requiredAws } from './src/setting.ts'

const { use, globalSetup: _, ...rest } = base

/** The browser tests in the AWS setting: its own, and those of the embedded setting that change nothing on the server's disk. */
export default defineConfig({
  ...rest,
  testDir: '.',
  testMatch: [
    'aws/*.test.ts',
    'test/{as-of,export,find-use-case,journey,model,own-searches,print,rights,security}.test.ts',
  ],
  grepInvert: [
    // How paper is laid out is the same in both settings.
    /print\.test\.ts.*( on (A4|Letter) |dark ink|divided|not on paper|Where paper)/,
    // It asks in the browser's place, from where CloudFront's name leads nowhere.
    /Who nears a limit is told/,
  ],
  outputDir: '../.work/rehearsal/test-results',
  // Trino and the functions want the processors too.
  workers: 2,
  timeout: 360_000,
  expect: { timeout: 120_000 },
  use: {
    ...use,
    ignoreHTTPSErrors: true,
    launchOptions: {
      ...use?.launchOptions,
      args: [...(use?.launchOptions?.args ?? []), `--host-resolver-rules=${requiredAws().resolverRules}`],
    },
  },
})
