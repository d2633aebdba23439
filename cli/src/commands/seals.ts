import { join } from 'node:path'
import { type Home, openHome } from '@muniment/archive/home'
import { rootsInLog } from '@muniment/ingest/seal/roots-in-log'
import { type SealsReport, verifySeals } from '@muniment/ingest/seal/verify-seals'
import { openSession } from '@muniment/ingest/tables/session'
import { printable } from '../printable.ts'
import { readSettings } from '../settings.ts'

interface Options {
  application?: string
  json?: boolean
}

async function applicationsOf({ store }: Home): Promise<string[]> {
  const found: string[] = []
  for await (const name of store.names('loads/')) if (name.endsWith('/')) found.push(name.slice(0, -1))
  return found
}

/** Hashes all rows again and compares them with the seals of their loads. Exits with 1 where something differs. */
export async function sealsVerify({ application, json }: Options) {
  const home = await openHome(readSettings().home, { mode: 'auto' })
  try {
    const session = await openSession(join(home.work, 'seals'))
    const logged = await rootsInLog(home.store)
    const reports: SealsReport[] = []
    try {
      for (const name of application === undefined ? await applicationsOf(home) : [application]) {
        const onObject = (object: string) => {
          if (!json && process.stderr.isTTY) process.stderr.write(`\r\u001b[K${printable(object)}`)
        }
        reports.push(await verifySeals({ home, session, application: name, logged, onObject }))
      }
    } finally {
      session.close()
    }
    if (!json && process.stderr.isTTY) process.stderr.write('\r\u001b[K')
    if (json) console.log(JSON.stringify(reports))
    else for (const report of reports) tell(report)
    process.exitCode = reports.some(({ differences }) => differences.length > 0) ? 1 : 0
  } finally {
    await home.close()
  }
}

const number = (value: number) => value.toLocaleString('en')

function tell({ application, loads, unsealed, differences }: SealsReport) {
  for (const { load, root, rows, objects, logged } of loads) {
    const wrong = differences.filter((one) => one.load === load)
    const state = wrong.length === 0 ? 'as sealed' : `${number(wrong.length)} differences`
    console.log(
      printable(`${application}, load ${load}: ${number(rows)} rows in ${number(objects)} objects, ${state}.`),
    )
    if (root) console.log(`  root ${root}`)
    if (logged)
      console.log(
        printable(
          `  as entry ${logged.entry} of the log says${logged.covered ? '' : ', which no checkpoint covers yet'}`,
        ),
      )
    for (const { object, rowGroup, rows: range, message } of wrong) {
      const place = [
        object,
        ...(rowGroup === undefined ? [] : [`row group ${rowGroup}`]),
        ...(range ? [`rows ${range.first} to ${range.last}`] : []),
      ]
      console.log(printable(`  ${place.length > 0 ? `${place.join(', ')}: ` : ''}${message}`))
    }
  }
  for (const { load, object = '', message } of differences)
    if (load === undefined) console.log(printable(`${object}: ${message}`))
  for (const load of unsealed) console.log(printable(`${application}, load ${load}: made before loads were sealed.`))
}
