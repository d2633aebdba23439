// `npm test`: install what is missing, then every check; ends with one line `N passed, N failed`.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findBrowser } from './lib/browser.mjs'
import { install } from './lib/install.mjs'
import { bin, requireNode, run } from './lib/run.mjs'
import { scratchFolder } from './lib/scratch.mjs'
import { buildWeb } from './lib/web.mjs'

requireNode()
await install('all')
const browser = await findBrowser()
const reports = scratchFolder()
process.env.TMPDIR = reports
process.on('exit', () => rmSync(reports, { recursive: true, force: true, maxRetries: 3 }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))
let passed = 0
let failed = 0

const say = (name, ok, seconds) => console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(0)} s)`)

/** A check that passes or fails as a whole. */
async function check(name, command, args, options = {}) {
  const begun = Date.now()
  const ok = (await run(command, args, { quiet: true, ...options })) === 0
  if (ok) passed++
  else failed++
  say(name, ok, (Date.now() - begun) / 1000)
  return ok
}

/** A runner that counts its own tests in a JSON report; a run that found no test has failed. */
async function suite(name, command, args, count, options = {}) {
  const begun = Date.now()
  const code = await run(command, args, options)
  const counted = count()
  passed += counted.passed
  failed += counted.failed
  const ok = code === 0 && counted.failed === 0 && counted.passed > 0
  if (!ok && counted.failed === 0) failed++
  say(name, ok, (Date.now() - begun) / 1000)
}

function read(file) {
  try {
    return JSON.parse(readFileSync(join(reports, file), 'utf8'))
  } catch {
    return undefined
  }
}

const vitest = () => {
  const report = read('vitest.json')
  return {
    passed: report?.numPassedTests ?? 0,
    failed: (report?.numFailedTests ?? 0) + (report?.numFailedTestSuites ? 1 : 0),
  }
}
const playwright = () => {
  const stats = read('playwright.json')?.stats
  return { passed: stats?.expected ?? 0, failed: (stats?.unexpected ?? 0) + (stats?.flaky ?? 0) }
}

// Tests often wait for a disk or a clock: the checks that only compute, and the build, fill these moments.
const [built] = await Promise.all([
  (async () => {
    await check('types and promises', process.execPath, ['scripts/check-types.mjs'])
    await check('format and lint', bin('biome'), ['check', '.', '--error-on-warnings'])
    await check('import rules', process.execPath, ['scripts/check-imports.mjs'])
    return (
      (await buildWeb()) &&
      (await check('size of the web application', process.execPath, ['web/scripts/check-size.mjs']))
    )
  })(),
  suite(
    'unit, property and API tests',
    bin('vitest'),
    ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${join(reports, 'vitest.json')}`],
    vitest,
  ),
])
if (built) {
  await suite(
    'browser tests',
    bin('playwright'),
    ['test', '-c', 'e2e/playwright.config.ts', '--reporter=dot,json'],
    playwright,
    {
      env: {
        ...(browser ? { MUNIMENT_TEST_BROWSER: browser } : {}),
        PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'playwright.json'),
      },
    },
  )
} else {
  failed++
}

console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
