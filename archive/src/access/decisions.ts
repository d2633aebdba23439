import { z } from 'zod'
import { canonicalJson, sha256Hex } from '../audit/canonical.ts'
import { InputError, OperatorError } from '../errors.ts'
import { decisionKey } from '../layout.ts'
import { ConflictError } from '../store/errors.ts'
import type { ObjectStore } from '../store/port.ts'
import { Signature } from './rules.ts'

/** What somebody decided of a proposal: of access rules `access/decisions/<proposal>.json`, of others beside them. It is the one point where approving and ending one meet. */
export const Decision = z.strictObject({
  proposal: z.string(),
  kind: z.enum(['approved', 'withdrawn', 'refused']),
  /** Of a refusal, or of a withdrawal where one was given. */
  reason: z.string().min(1).optional(),
  signed: Signature,
})
export type Decision = z.infer<typeof Decision>

/** Throws OperatorError for one that is none: what cannot be read is not taken for open. */
export async function readDecision(
  store: ObjectStore,
  proposal: string,
  key = decisionKey(proposal),
): Promise<Decision | undefined> {
  const object = await store.get(key)
  if (!object) return undefined
  try {
    return Decision.parse(JSON.parse(object.body.toString()))
  } catch (cause) {
    throw new OperatorError(`What was decided of the proposal ${proposal} cannot be read.`, { cause })
  }
}

/** What the log names a decision by. */
export const decisionHash = (decision: Decision): string => sha256Hex(canonicalJson(decision))

/** Gives the decision that stands: this one, or whichever came first. */
export async function decide(
  store: ObjectStore,
  decision: Decision,
  key = decisionKey(decision.proposal),
): Promise<Decision> {
  try {
    await store.create(key, `${JSON.stringify(decision, null, 2)}\n`)
    return decision
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    const theirs = await readDecision(store, decision.proposal, key)
    if (theirs) return theirs
    throw error
  }
}

/** Why nothing more can be decided. */
export function decidedAlready({ kind, signed, reason }: Decision): InputError {
  const said = kind === 'refused' && reason !== undefined ? `: ${reason}` : ''
  return new InputError(`This proposal was ${kind} by ${signed.by} at ${signed.at}${said}`)
}
