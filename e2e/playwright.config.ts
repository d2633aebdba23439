import { defineConfig } from '@playwright/test'

const executablePath = process.env.MUNIMENT_TEST_BROWSER

export default defineConfig({
  testDir: 'test',
  testMatch: '*.test.ts',
  outputDir: '../test-results',
  globalSetup: './src/global-setup.ts',
  // One more than the two cores we count on: a page often waits.
  workers: 3,
  fullyParallel: true,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: 'dot',
  use: {
    browserName: 'chromium',
    viewport: { width: 1366, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    colorScheme: 'light',
    // What was seen on the way stays out of the report: it would hold what people typed.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        // Chromium refuses its sandbox to root, and root has no other use for this browser.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--disable-quic',
      ],
    },
  },
})
