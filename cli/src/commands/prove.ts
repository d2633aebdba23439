import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findEntries } from '@muniment/archive/audit/find/find-entries'
import type { AuditLog } from '@muniment/archive/audit/port'
import { InputError, NotFoundError, OperatorError } from '@muniment/archive/errors'
import { openHome } from '@muniment/archive/home'
import { loadApplication } from '@muniment/archive/model/load'
import { Sensitivity } from '@muniment/archive/model/types'
import { type Proof, type ProvedRow, verifyProof } from '@muniment/archive/seals/proof'
import type { ObjectStore } from '@muniment/archive/store/port'
import { proveRow } from '@muniment/ingest/seal/prove-row'
import { openSession } from '@muniment/ingest/tables/session'
import { commandActor, withAudit } from '../logged.ts'
import { printable } from '../printable.ts'
import { readSettings } from '../settings.ts'

interface Options {
  application?: string
  load?: string
  without?: string
  out?: string
  verify?: string
  root?: string
  json?: boolean
}

export async function prove(table: string | undefined, key: string | undefined, options: Options) {
  if (options.verify !== undefined) return verify(options.verify, options)
  if (table === undefined || key === undefined)
    throw new InputError('Name a table and a key, as in `muniment prove policies P10000001`, or a proof in --verify.')
  const { home: path, templatesRoot } = readSettings()
  const application = await loadApplication(
    templatesRoot,
    options.application ?? (await onlyApplication(templatesRoot)),
  )
  const about = application.tables.find(({ name }) => name === table)
  if (!about) throw new InputError(`${application.name} has no table ${table}.`)
  const primaryKey = about.primaryKey.map((name) => ({
    name,
    type: about.columns.find((column) => column.name === name)?.type ?? 'varchar',
  }))
  const parts = primaryKey.length === 1 ? [key] : key.split(',')
  if (parts.length !== primaryKey.length)
    throw new InputError(
      `The key of ${table} is ${primaryKey.map(({ name }) => name).join(', ')}: give it with commas between.`,
    )
  const without = options.without?.split(',').map((name) => name.trim()) ?? []
  const unknown = without.find((name) => !Sensitivity.options.some((one) => one === name))
  if (unknown !== undefined)
    throw new InputError(`${unknown} is no sensitivity: name some of ${Sensitivity.options.join(', ')} in --without.`)
  if (options.out !== undefined && existsSync(options.out))
    throw new InputError(`${options.out} is there already; name a new file in --out.`)

  const home = await openHome(path, { mode: 'auto' })
  try {
    const session = await openSession(join(home.work, 'seals'))
    const { load } = options
    const asked = { home, session, application: application.name, table, primaryKey, key: parts, without }
    const proof = await withAudit(home, (audit) =>
      loggedProof(audit, asked, () => proveRow({ ...asked, ...(load === undefined ? {} : { load }) })),
    ).finally(() => session.close())
    const logEntry = await entryOf(home.store, verifyProof(JSON.stringify(proof)))
    const text = `${JSON.stringify({ ...proof, ...(logEntry === undefined ? {} : { logEntry }) }, null, 2)}\n`
    if (options.out === undefined) process.stdout.write(text)
    else await writeFile(options.out, text, { flag: 'wx' })
  } finally {
    await home.close()
  }
}

/** A proof shows a record: it is in the log, with the record's token, before it is handed out. */
async function loggedProof(
  audit: AuditLog,
  { application, table, key, without }: { application: string; table: string; key: string[]; without: string[] },
  make: () => Promise<Proof>,
): Promise<Proof> {
  const subject = { application, table, without, by: 'command-line' }
  const entry = await audit.open({ action: 'row-proof', actor: await commandActor(), subject })
  let proof: Proof
  try {
    proof = await make()
  } catch (error) {
    await audit.close(entry, { outcome: error instanceof NotFoundError ? 'done' : 'failed', rows: 0 })
    throw error
  }
  const { load } = verifyProof(JSON.stringify(proof))
  await audit.close(entry, { outcome: 'done', rows: 1, records: [{ application, table, key }], detail: { load } })
  return proof
}

async function onlyApplication(templatesRoot: string): Promise<string> {
  const folders = await readdir(templatesRoot, { withFileTypes: true })
  const names = folders
    .filter((entry) => entry.isDirectory() && existsSync(join(templatesRoot, entry.name, 'application.json')))
    .map(({ name }) => name)
  const [name] = names
  if (name !== undefined && names.length === 1) return name
  throw new InputError(`Name the application in --application: ${names.join(', ')}.`)
}

/** The newest entry of the log that says that this load was made with this root. */
async function entryOf(store: ObjectStore, { load, root }: ProvedRow): Promise<string | undefined> {
  for await (const { opening } of findEntries(store, { actions: ['load'], limit: 100_000 }))
    if (opening.subject?.load === load && opening.subject.root === root) return opening.id
  return undefined
}

async function verify(file: string, { root, json }: Options) {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new OperatorError(`The file ${file} cannot be read.`, { cause: error })
  })
  const proved = verifyProof(text)
  if (root !== undefined && root.toLowerCase() !== proved.root)
    throw new InputError(`The proof leads to another root than the one given: ${proved.root}.`)
  if (json) return console.log(JSON.stringify(proved))
  const { application, load, table, object, row, columns, report, logEntry } = proved
  console.log(printable(`Row ${row} of ${application}.${table}, in ${object}:`))
  for (const { name, value, sensitivity } of columns)
    console.log(
      printable(`  ${name}: ${value === undefined ? `masked (${sensitivity})` : value === null ? 'no value' : value}`),
    )
  console.log(printable(`Load ${load}, whose report has the SHA-256 ${report}`))
  console.log(`Root ${proved.root}`)
  console.log(
    root === undefined
      ? 'The hashes lead there. Compare the root with the one in the log or in load.json.'
      : 'The hashes lead there, and it is the root that was given.',
  )
  if (logEntry !== undefined)
    console.log(printable(`The log is said to name it in entry ${logEntry}: \`muniment audit prove ${logEntry}\`.`))
}
