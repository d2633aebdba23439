import { join } from 'node:path'
import { createAuditLog } from '@muniment/archive/audit/create-audit-log'
import { createFileSecrets } from '@muniment/archive/audit/keys/file-secrets'
import { openFileSigner } from '@muniment/archive/audit/keys/file-signer'
import { verifierLine } from '@muniment/archive/audit/keys/note'
import { rotateKey } from '@muniment/archive/audit/keys/rotation'
import { type Sealed, seal } from '@muniment/archive/audit/seal/seal'
import { uncoveredHashes } from '@muniment/archive/audit/seal/uncovered-hashes'
import { createFolderWitness } from '@muniment/archive/audit/seal/witness'
import { InputError } from '@muniment/archive/errors'
import { type Home, openHome } from '@muniment/archive/home'
import { commandActor, withAudit } from '../logged.ts'
import { printable } from '../printable.ts'
import { readSettings } from '../settings.ts'

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

/** Exits with 1 where a stream could not be sealed or a witness was not told. */
export async function auditSeal({ witness, json }: { witness: string[]; json?: boolean }) {
  const sealed = await withHome((home, secrets) => sealHome(home, secrets, witness))
  const damaged = sealed.damaged.map(({ file, message }) => ({ file, message }))
  if (json) console.log(JSON.stringify({ ...sealed, damaged }))
  else {
    const made =
      sealed.seals.length === 0 ? 'Nothing new to seal' : `${sealed.entries.toLocaleString('en')} entries sealed`
    console.log(`${made}; the log has ${sealed.size.toLocaleString('en')}.`)
    for (const { message } of damaged) console.log(printable(`Not sealed: ${message}`))
    for (const { name, state, message } of sealed.witnesses)
      console.log(printable(`Witness ${name}: ${state}${message ? ` (${message})` : ''}`))
  }
  process.exitCode = damaged.length === 0 && sealed.witnesses.every(({ state }) => state === 'kept') ? 0 : 1
}

/** Prints the public key as signed notes name it; with `rotate` a new one, which the log names first. */
export async function auditKey({ rotate }: { rotate?: boolean }) {
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
