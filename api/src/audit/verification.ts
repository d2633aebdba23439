import type { StreamKey } from '@muniment/archive/audit/keys/port'
import type { Witness, WitnessOutcome } from '@muniment/archive/audit/seal/witness'
import { verify } from '@muniment/archive/audit/verify/verify'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { Logger } from 'pino'
import type { AuditVerification } from '../contract.ts'

export interface Verification {
  state(): AuditVerification | Promise<AuditVerification>
  /** Checks the log, unless that is under way; where another process does, it resolves once that was asked to. */
  now(): Promise<void>
}

/** One that this process carries out. */
export interface OwnVerification extends Verification {
  state(): AuditVerification
  /** From now on and until `stop`, which waits for a check under way. */
  begin(): { stop(): Promise<void> }
}

interface VerificationParts {
  store: ObjectStore
  /** Where the store's files are. */
  folder?: string
  /** Verifier lines. */
  publicKeys: () => Promise<string[]>
  streamKey?: () => Promise<StreamKey>
  /** To which the sealer hands checkpoints, and what came of the last. */
  witnesses?: readonly Witness[]
  witnessed?: () => readonly WitnessOutcome[]
  /** Who stamps checkpoints, and why the last time stamp could not be had. */
  stamped?: { authority: string; failure(): string | undefined }
  /** Certificates (PEM) of time-stamp authorities that are believed. */
  authorities?: string[]
  clock: () => Date
  log: Logger
  /** Milliseconds between two checks; longer where one takes more than a hundredth of it. */
  every?: number
  /** Milliseconds until the first. */
  first?: number
}

const shown = 100

/** Checks the log as `muniment audit verify` does, in the background, and keeps what it found. */
export function createVerification({
  store,
  folder,
  publicKeys,
  streamKey,
  witnesses = [],
  witnessed = () => [],
  stamped,
  authorities = [],
  clock,
  log,
  every = 6 * 3_600_000,
  first = 60_000,
}: VerificationParts): OwnVerification {
  let last: AuditVerification = { state: 'never', sentences: ['The log was not checked yet.'], findings: [] }
  let running: Promise<void> | undefined

  async function check(): Promise<void> {
    try {
      const keys = await publicKeys()
      if (keys.length === 0) {
        last = { state: 'done', ok: true, sentences: ['Nothing of this log was signed yet.'], findings: [] }
      } else {
        const { ok, wrong, checked, findings, covered, uncovered, compared } = await verify({
          store,
          publicKeys: keys,
          ...(folder !== undefined && { folder }),
          witnesses: [...witnesses],
          rules: true,
          authorities,
          clock,
          ...(streamKey && { streamKey: await streamKey() }),
        })
        const ours =
          'The public key was taken from this machine, so this does not find out who exchanged the key together with the log: ' +
          'for that, check with a key and a checkpoint that you kept yourself (muniment audit verify).'
        last = {
          state: 'done',
          ok,
          sentences: [...checked, ...toldBy(witnesses, witnessed()), ...stampedBy(stamped), ours],
          ...(wrong && { firstWrong: wrong }),
          witness: compared,
          ...(covered.key !== undefined && { key: covered.key }),
          findings: findings.slice(0, shown),
          covered: { entries: covered.entries, seals: covered.seals, ...(covered.at && { at: covered.at }) },
          uncovered,
        }
        if (!ok) log.error({ sentences: checked }, 'the audit log is damaged')
      }
    } catch (err) {
      log.error({ err }, 'checking the audit log')
      last = { ...last, state: 'failed', sentences: ['The log could not be checked: its files cannot be read.'] }
      delete last.ok
    }
    last.checkedAt = clock().toISOString()
  }

  const now = (): Promise<void> => {
    running ??= check().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    state: () => (running ? { ...last, state: 'running' } : last),
    now,
    begin() {
      let timer: NodeJS.Timeout | undefined
      let stopped = false
      const wait = (ms: number) => {
        if (stopped) return
        timer = setTimeout(() => {
          const began = performance.now()
          void now().then(() => wait(Math.max(every, 100 * (performance.now() - began))))
        }, ms).unref()
      }
      wait(first)
      return {
        async stop() {
          stopped = true
          clearTimeout(timer)
          await running
        },
      }
    },
  }
}

/** Whether the sealer's witnesses have what it signs. */
function toldBy(witnesses: readonly Witness[], outcomes: readonly WitnessOutcome[]): string[] {
  return witnesses.map(({ name }) => {
    const outcome = outcomes.find((one) => one.name === name)
    if (outcome?.state === 'kept') return `Each checkpoint is handed to the witness ${name}.`
    const reason = outcome?.message ?? 'nothing was sealed since the server began'
    return `The witness ${name} does not have the newest checkpoint (${reason}); the next sealing tries again.`
  })
}

/** Whether time stamps can be had. */
function stampedBy(stamped: VerificationParts['stamped']): string[] {
  if (!stamped) return []
  const failure = stamped.failure()
  return failure === undefined
    ? [`Time stamps come from ${stamped.authority}.`]
    : [`No time stamp could be had from ${stamped.authority} (${failure}); it is tried again after a sealing.`]
}
