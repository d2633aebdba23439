/**
 * `npm run bench -- [--policies N] [--entries N] [--only ingest,guards,lookups,exports,crowd,storage,seals,audit,retention,trino]`: ratios within one run.
 * `retention` destroys what is due in a copy; on its own it takes 50,000 policies unless told otherwise or a million are there.
 * `trino` is measured only when it is named: it needs the stand-ins of docs/athena-stand-in.md.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchAudit } from './audit.ts'
import { startServer } from './client.ts'
import { benchCrowd } from './crowd.ts'
import { openDuckdb, viewArchive } from './duckdb.ts'
import { benchExports } from './exports.ts'
import { benchGuards } from './guards.ts'
import { benchIngest } from './ingest.ts'
import { benchLookups } from './lookups.ts'
import { keepResults, printTable, type Result } from './results.ts'
import { benchRetention, policiesOfRetention } from './retention.ts'
import { benchSeals } from './seals.ts'
import { checkout, prepareSetting, readCatalog } from './setting.ts'
import { benchStorage } from './storage.ts'
import { benchTrino } from './trino.ts'

const { values } = parseArgs({
  options: {
    policies: { type: 'string' },
    entries: { type: 'string', default: '100000' },
    only: { type: 'string', default: 'ingest,guards,lookups,exports,crowd,storage,seals,audit,retention' },
  },
})
const wanted = new Set(values.only.split(','))
const results: Result[] = []
/** Those that need neither the archive of this size nor a server. */
const alone = new Set(['audit', 'retention'])

if (wanted.has('audit')) results.push(...(await benchAudit(Number(values.entries))))
if ([...wanted].some((part) => !alone.has(part))) await benchArchive()
if (wanted.has('retention')) results.push(...(await benchRetention(Number(values.policies ?? policiesOfRetention()))))

const folder = join(checkout, 'bench')
const before = await readFile(join(folder, 'results.json'), 'utf8').then(
  (json) => JSON.parse(json) as Result[],
  () => [],
)
await keepResults(folder, results, before)
printTable(results)

async function benchArchive() {
  const setting = await prepareSetting(Number(values.policies ?? 1_000_000))

  if (wanted.has('trino')) results.push(...(await benchTrino(setting)))
  if (![...wanted].some((part) => !alone.has(part) && part !== 'trino')) return

  if (wanted.has('ingest')) results.push(...(await benchIngest(setting)))
  const snapshot = await readCatalog(setting)
  const duckdb = await openDuckdb()
  await viewArchive(duckdb, setting.home, snapshot)
  if (wanted.has('storage')) results.push(...(await benchStorage(setting, snapshot)))

  if (wanted.has('seals')) results.push(...(await benchSeals(setting)))

  // Before the server, which would own the data folder.
  if (wanted.has('guards')) results.push(...(await benchGuards(setting, duckdb)))
  const server = await startServer(setting)
  try {
    if (wanted.has('lookups')) results.push(...(await benchLookups(setting, snapshot, server)))
    if (wanted.has('exports')) results.push(...(await benchExports(duckdb, setting, server)))
    if (wanted.has('crowd')) results.push(...(await benchCrowd(duckdb, server)))
  } finally {
    await server.stop()
  }
}
