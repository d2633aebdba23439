/** One of the writers of the bench, a process of its own: `audit-writer.ts <store> <secrets> <seconds>`; prints its waits in ms as JSON. */
import { createAuditLog } from '@muniment/archive/audit/create-audit-log'
import { createFileSecrets } from '@muniment/archive/audit/keys/file-secrets'
import { openFileStore } from '@muniment/archive/store/file-store'
import { searchOpening } from './audit-entries.ts'

const [folder = '', secrets = '', seconds = '5', pause = '0'] = process.argv.slice(2)
const store = openFileStore(folder)
const log = createAuditLog({ store, secrets: createFileSecrets(secrets), clock: () => new Date(), process: 'bench' })
const waits: number[] = []
const until = performance.now() + Number(seconds) * 1000

for (let number = 0; performance.now() < until; number++) {
  const begun = performance.now()
  const id = await log.open(searchOpening(number))
  waits.push(performance.now() - begun)
  const opened = performance.now()
  await log.close(id, { outcome: 'done', rows: 10, bytes: 4000 })
  waits.push(performance.now() - opened)
  if (Number(pause) > 0) await new Promise((resolve) => setTimeout(resolve, Number(pause)))
}
await log.end()
console.log(JSON.stringify(waits))
