import { createWriteStream, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { exportEntries } from '@muniment/archive/audit/find/export-entries'
import { prove } from '@muniment/archive/audit/find/prove'
import { createFileSecrets } from '@muniment/archive/audit/keys/file-secrets'
import { verifierLinesIn } from '@muniment/archive/audit/keys/file-signer'
import { findFileStreamKey } from '@muniment/archive/audit/keys/stream-key'
import type { SeenRecord } from '@muniment/archive/audit/port'
import { createFolderWitness } from '@muniment/archive/audit/seal/witness'
import { verify } from '@muniment/archive/audit/verify/verify'
import { InputError, OperatorError } from '@muniment/archive/errors'
import { codeOf } from '@muniment/archive/store/file-errors'
import { openFileStore } from '@muniment/archive/store/file-store'
import { endOf, startOf } from '../period.ts'
import { printable } from '../printable.ts'
import { readSettings, requireFolder } from '../settings.ts'
import { readCertificates } from '../time-stamps.ts'
import { secretsOf } from './audit.ts'

/** The files alone: no lock, nothing written, so that a copy on a medium that cannot be written to will do. */
const openFiles = (files: string | undefined) =>
  openFileStore(files === undefined ? readSettings().home : requireFolder(files, 'it should hold a folder audit/'))

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new OperatorError(`The file ${file} cannot be read.`, { cause: error })
  }
}

interface VerifyOptions {
  key?: string
  checkpoint: string[]
  witness: string[]
  timestampAuthority: string[]
  files?: string
  json?: boolean
}

/** Exits with 1 when something is wrong, and says the first thing that is. */
export async function auditVerify({ key, checkpoint, witness, timestampAuthority, files, json }: VerifyOptions) {
  const ours = key === undefined
  const publicKeys = ours
    ? await verifierLinesIn(secretsOf(readSettings().home))
    : (await readText(key)).split('\n').filter((line) => line.trim() !== '')
  if (ours && publicKeys.length === 0)
    throw new OperatorError('There is no signing key here, so nothing was ever signed. Name a public key with --key.')
  // Of this machine's own log; a copy elsewhere may be of another one.
  const streamKey = files === undefined ? await findFileStreamKey(secretsOf(readSettings().home)) : undefined
  const configured = timestampAuthority.length === 0 ? readSettings().timeStampAuthority : undefined
  const authorities = configured === undefined ? timestampAuthority : [configured]
  const report = await verify({
    store: openFiles(files),
    folder: files === undefined ? readSettings().home : resolve(files),
    publicKeys,
    ...(streamKey && { streamKey }),
    // A copy may be of audit/ alone.
    rules: files === undefined || existsSync(join(files, 'access')),
    authorities: await Promise.all(authorities.map(readCertificates)),
    older: await Promise.all(checkpoint.map(readText)),
    witnesses: witness.map((folder) =>
      createFolderWitness(requireFolder(folder, 'a witness keeps checkpoints in one')),
    ),
    onProgress: (entries) => {
      if (!json && process.stderr.isTTY) process.stderr.write(`\r${entries.toLocaleString('en')} entries `)
    },
  })
  if (!json && process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  if (json) console.log(JSON.stringify(report))
  else {
    for (const line of report.checked) console.log(printable(line))
    for (const { message } of report.findings.slice(0, 20)) console.log(printable(`  ${message}`))
    if (report.findings.length > 20) console.log(`  and ${report.findings.length - 20} more (--json)`)
    if (ours)
      console.log(
        'The public key was taken from this machine: who can rewrite the log here may have changed it too (--key).',
      )
  }
  process.exitCode = report.ok ? 0 : 1
}

interface ProveOptions {
  files?: string
  record?: string
  reveal?: boolean
}

export async function auditProve(entry: string, { files, record, reveal }: ProveOptions) {
  if (reveal && record === undefined) throw new InputError('--reveal is for the record in --record.')
  const asked =
    record === undefined ? undefined : { record: readRecord(record), secrets: ownSecrets(), reveal: reveal === true }
  console.log(JSON.stringify(await prove(openFiles(files), entry, asked), null, 2))
}

const ownSecrets = () => createFileSecrets(secretsOf(readSettings().home))

function readRecord(text: string): SeenRecord {
  const [, application, table, key] = /^([a-z][a-z0-9_]*):([a-z][a-z0-9_]*):(.+)$/s.exec(text) ?? []
  if (application && table && key) return { application, table, key: key.split(',') }
  throw new InputError('--record is written as pas:policies:P10000001; a comma between the parts of a key.')
}

interface ExportOptions {
  from: string
  until: string
  out?: string
  files?: string
}

/** JSON lines, an entry each; to a file that is not there yet, or to standard output. */
export async function auditExport({ from, until, out, files }: ExportOptions) {
  const period = { from: startOf(from, '--from'), until: endOf(until, '--until') }
  const store = openFiles(files)
  async function* lines() {
    for await (const entry of exportEntries(store, period)) yield `${JSON.stringify(entry)}\n`
  }
  const source = Readable.from(lines())
  if (out === undefined) return orReaderGone(pipeline(source, process.stdout, { end: false }))
  await pipeline(source, createWriteStream(resolve(out), { flags: 'wx', mode: 0o600 }))
}

/** Who reads what we print may have had enough, as `head` has. */
async function orReaderGone(writing: Promise<void>): Promise<void> {
  try {
    await writing
  } catch (error) {
    if (codeOf(error) !== 'EPIPE') throw error
    process.exit(0)
  }
}
