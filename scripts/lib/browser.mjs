// Finds a Chromium for the browser tests, or installs one: Debian's where apt is there to be used, else Playwright's own.
import { existsSync } from 'node:fs'
import { bin, run } from './run.mjs'

// The shell is the same browser without windows: a quarter less work for the processor.
const known = [
  process.env.CHROMIUM,
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
const found = () => known.find((path) => path && existsSync(path))

/** Path of the browser, or undefined when Playwright's own is to be used. Exits when there is none. */
export async function findBrowser() {
  const { chromium } = await import('@playwright/test')
  if (existsSync(chromium.executablePath())) return undefined
  if (found()) return found()

  const root = process.getuid?.() === 0
  if (root && existsSync('/usr/bin/apt-get')) {
    console.log("Installing Debian's Chromium ...")
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['update', '-qq'], { quiet: true, env })
    for (const browser of ['chromium-headless-shell', 'chromium']) {
      await run('apt-get', ['install', '-y', '-qq', browser, 'fonts-liberation'], { quiet: true, env })
      if (found()) return found()
    }
  }
  console.log("Installing Playwright's Chromium ...")
  if ((await run(bin('playwright'), ['install', 'chromium'])) === 0) return undefined
  console.error(
    'There is no Chromium for the browser tests, and none could be installed. Install one and name it in CHROMIUM.',
  )
  process.exit(1)
}
