import { join } from 'node:path'
import { createAccess } from '@muniment/archive/access/access'
import type { Access } from '@muniment/archive/access/port'
import { firstRules } from '@muniment/archive/access/proposals'
import type { AccessRules } from '@muniment/archive/access/rules'
import { createAuditLog } from '@muniment/archive/audit/create-audit-log'
import { createFileSecrets } from '@muniment/archive/audit/keys/file-secrets'
import { openFileSigner, verifierLinesIn } from '@muniment/archive/audit/keys/file-signer'
import { withKeysHeld } from '@muniment/archive/audit/keys/held-keys'
import type { Secrets, StreamKey } from '@muniment/archive/audit/keys/port'
import type { AuditLog } from '@muniment/archive/audit/port'
import { uncoveredHashes } from '@muniment/archive/audit/seal/uncovered-hashes'
import { createFolderWitness, type Witness, type WitnessOutcome } from '@muniment/archive/audit/seal/witness'
import { startSealing } from '@muniment/archive/audit/sealing'
import { readAuthorityAddress } from '@muniment/archive/audit/stamp/ask'
import { readAuthorities } from '@muniment/archive/audit/stamp/authority'
import { createStamping } from '@muniment/archive/audit/stamp/stamping'
import type { Home } from '@muniment/archive/home'
import type { Logger } from 'pino'

export interface Governance {
  access: Access
  audit: AuditLog
  secrets: Secrets
  /** Verifier lines of the keys that sign here. */
  publicKeys(): Promise<string[]>
  /** By which the log's own processes are told from others who can write its files. */
  streamKey(): Promise<StreamKey>
  /** To which checkpoints are handed, and what the last one was told came of it. */
  witnesses: readonly Witness[]
  witnessed(): readonly WitnessOutcome[]
  /** Who stamps checkpoints, and why the last time stamp could not be had. */
  stamped?: { authority: string; failure(): string | undefined }
  /** Certificates (PEM) of time-stamp authorities that are believed. */
  authorities: string[]
  /** Puts the setting's rules in force where there are none. */
  begin(rules: AccessRules, from: { by: string; reason: string }): Promise<void>
  /** Resolves once what waits to be logged is written, and sealed where this process seals. */
  close(): Promise<void>
}

/** A time-stamp authority (RFC 3161). */
export interface TimeStampSettings {
  /** https, or loopback. */
  address: string
  /** PEM: who must have certified its signers; without it, anybody who answers at the address is believed. */
  certificates?: string
}

interface GovernanceOptions {
  home: Pick<Home, 'path' | 'store'>
  clock: () => Date
  /** What writes: `server` or `command`. */
  process: string
  /** Seconds between two sealings; absent where another process seals. */
  sealEvery?: number
  /** Folder to which each checkpoint is handed. */
  witness?: string
  timeStamps?: TimeStampSettings
  log: Logger
}

/** Rights and log of the embedded setting, whose keys lie in files below the data folder's `secrets`. */
export async function openGovernance({
  home,
  clock,
  process,
  sealEvery,
  witness,
  timeStamps,
  log,
}: GovernanceOptions): Promise<Governance> {
  const { store } = home
  const folder = join(home.path, 'secrets', 'audit')
  const secrets = createFileSecrets(folder, clock)
  const audit = createAuditLog({ store, secrets: withKeysHeld(secrets), clock, process })
  const streamKey = () => secrets.streamKey(() => uncoveredHashes(store))
  const witnesses = witness === undefined ? [] : [createFolderWitness(witness)]
  let witnessed: WitnessOutcome[] = []
  const stamping =
    timeStamps &&
    createStamping({
      store,
      authority: readAuthorityAddress(timeStamps.address),
      ...(timeStamps.certificates !== undefined && { issuers: readAuthorities(timeStamps.certificates) }),
      onError: (err) => log.error({ err }, 'no time stamp of the audit log'),
    })
  const sealing =
    sealEvery === undefined
      ? undefined
      : startSealing({
          store,
          signer: await openFileSigner(folder),
          clock,
          streamKey: await streamKey(),
          witnesses,
          every: sealEvery,
          ...(stamping && { stamping }),
          onSealed: ({ damaged, witnesses: outcomes }) => {
            witnessed = outcomes
            for (const { name, state, message } of outcomes)
              if (state !== 'kept') log.error({ name, state, message }, 'a witness of the audit log')
            for (const { message } of damaged) log.error({ message }, 'the audit log is damaged')
          },
          onError: (err) => log.error({ err }, 'sealing the audit log'),
        })
  return {
    access: createAccess({ store, clock }),
    audit,
    secrets,
    publicKeys: () => verifierLinesIn(folder),
    streamKey,
    witnesses,
    witnessed: () => witnessed,
    ...(stamping && { stamped: stamping }),
    authorities: timeStamps?.certificates === undefined ? [] : [timeStamps.certificates],
    begin: async (rules, from) => {
      await firstRules(store, rules, { ...from, clock, audit })
    },
    close: async () => {
      await audit.end()
      await sealing?.stop()
    },
  }
}
