import { join } from 'node:path'
import type { TimeStampSettings } from '@muniment/api/governance'
import { createAuditLog } from '@muniment/archive/audit/create-audit-log'
import { TimeStampError } from '@muniment/archive/audit/errors'
import { createFileSecrets } from '@muniment/archive/audit/keys/file-secrets'
import { openFileSigner } from '@muniment/archive/audit/keys/file-signer'
import { verifierLine } from '@muniment/archive/audit/keys/note'
import { rotateKey } from '@muniment/archive/audit/keys/rotation'
import { type Sealed, seal } from '@muniment/archive/audit/seal/seal'
import { uncoveredHashes } from '@muniment/archive/audit/seal/uncovered-hashes'
import { createFolderWitness } from '@muniment/archive/audit/seal/witness'
import { readAuthorities } from '@muniment/archive/audit/stamp/authority'
import { stampCheckpoint } from '@muniment/archive/audit/stamp/stamp-checkpoint'
import { InputError } from '@muniment/archive/errors'
import { type Home, openHome } from '@muniment/archive/home'
import { isForCloud } from '../cloud-settings.ts'
import { commandActor, withAudit } from '../logged.ts'
import { printable } from '../printable.ts'
import { readSettings } from '../settings.ts'
import { readTimeStamps } from '../time-stamps.ts'

/** What the log signs and commits with; no part of the bucket. */
export const secretsOf = (home: string): string => join(home, 'secrets', 'audit')

const clock = () => new Date()

async function withHome<T>(act: (home: Home, secrets: string) => Promise<T>): Promise<T> {
  const home = await openHome(readSettings().home, { mode: 'auto' })
  try {
    return await act(home, secretsOf(home.path))
  } finally {
    await home.close()
  }
}

async function sealHome({ store }: Home, secrets: string, witness: string[]): Promise<Sealed> {
  const own = readSettings().witness
  const folders = own !== undefined && !witness.includes(own) ? [...witness, own] : witness
  const witnesses = folders.map(createFolderWitness)
  const streamKey = await createFileSecrets(secrets).streamKey(() => uncoveredHashes(store))
  return seal({ store, signer: await openFileSigner(secrets), clock, streamKey, witnesses, everything: true })
}

interface SealOptions {
  witness: string[]
  timestamps?: string
  json?: boolean
}

type TimeStamped = { seal: number; state: 'stamped' | 'before' | 'failed'; at?: string; message?: string }

/** Has the newest checkpoint stamped, unless it was before. */
async function stampHome({ store }: Home, timeStamps: TimeStampSettings, seal: number): Promise<TimeStamped> {
  const { address: authority, certificates } = timeStamps
  const issuers = certificates === undefined ? undefined : readAuthorities(certificates)
  try {
    const stamp = await stampCheckpoint({ store, authority, ...(issuers && { issuers }) }, seal)
    return stamp ? { seal, state: 'stamped', at: stamp.at.toISOString() } : { seal, state: 'before' }
  } catch (error) {
    if (error instanceof TimeStampError) return { seal, state: 'failed', message: error.message }
    throw error
  }
}

/** Exits with 1 where a stream could not be sealed, a witness was not told, or there is no time stamp. */
export async function auditSeal({ witness, timestamps, json }: SealOptions) {
  const timeStamps = await readTimeStamps(readSettings(), timestamps)
  const { sealed, stamped } = await withHome(async (home, secrets) => {
    const done = await sealHome(home, secrets, witness)
    return { sealed: done, stamped: timeStamps && done.number > 0 && (await stampHome(home, timeStamps, done.number)) }
  })
  const damaged = sealed.damaged.map(({ file, message }) => ({ file, message }))
  if (json) console.log(JSON.stringify({ ...sealed, damaged, ...(stamped && { timeStamp: stamped }) }))
  else {
    const made =
      sealed.seals.length === 0 ? 'Nothing new to seal' : `${sealed.entries.toLocaleString('en')} entries sealed`
    console.log(`${made}; the log has ${sealed.size.toLocaleString('en')}.`)
    for (const { message } of damaged) console.log(printable(`Not sealed: ${message}`))
    for (const { name, state, message } of sealed.witnesses)
      console.log(printable(`Witness ${name}: ${state}${message ? ` (${message})` : ''}`))
    if (stamped) console.log(printable(`Time stamp: ${stamped.state}${said(stamped)}`))
  }
  const kept = sealed.witnesses.every(({ state }) => state === 'kept')
  process.exitCode = damaged.length === 0 && kept && !(stamped && stamped.state === 'failed') ? 0 : 1
}

const said = ({ at, message }: TimeStamped) => (at === undefined ? (message ? ` (${message})` : '') : `, ${at}`)

/** Prints the public key as signed notes name it; with `rotate` a new one, which the log names first. */
export async function auditKey({ rotate }: { rotate?: boolean }) {
  if (isForCloud()) return console.log(await (await import('../signing-key-in-cloud.ts')).keyInCloud(rotate === true))
  await withHome(async (home, secrets) => {
    if (rotate) {
      const log = createAuditLog({ store: home.store, secrets: createFileSecrets(secrets), clock, process: 'command' })
      const actor = await commandActor()
      await rotateKey(log, secrets, actor)
      await log.end()
      await sealHome(home, secrets, [])
    }
    console.log(verifierLine(await openFileSigner(secrets)))
  })
}

/** Forgets the keys of commitments and tokens of days and months that ended before the day. */
export async function auditForget({ before, json }: { before: string; json?: boolean }) {
  const forgotten = await withHome(async (home, secrets) =>
    withAudit(home, async (audit) => {
      const entry = await audit.open({ action: 'keys-forgotten', actor: await commandActor(), subject: { before } })
      try {
        const periods = await createFileSecrets(secrets).forget(before)
        await audit.close(entry, { outcome: 'done', detail: { periods } })
        return periods
      } catch (error) {
        await audit.close(entry, { outcome: error instanceof InputError ? 'refused' : 'failed' })
        throw error
      }
    }),
  )
  if (json) console.log(JSON.stringify({ forgotten }))
  else console.log(`${forgotten.length} keys forgotten${forgotten.length > 0 ? `: ${forgotten.join(', ')}` : ''}.`)
}
