import { ACCESS_PREFIX, decisionKey, proposalKey, rulesKey } from '../../layout.ts'
import type { ObjectStore } from '../../store/port.ts'
import { canonicalJson, sha256Hex } from '../canonical.ts'
import type { LogEntry, OpeningEntry } from '../entries.ts'
import { LogDamageError } from '../errors.ts'
import { keysBelow } from '../keys-below.ts'
import type { RulesHeld } from './report.ts'

/** By which actions a decision of each kind is made. */
const KINDS: Record<string, string> = { 'rules-withdrawal': 'withdrawn', 'rules-refusal': 'refused' }

/**
 * Holds `access/` against the log: versions of the access rules, proposals and what was decided of them. Nothing there may be without an
 * opening entry; what a closing says was done must lie there, as its hash has it. `before`: keys that were there before the log was read.
 */
export function checkRulesHeld(store: ObjectStore, before: readonly string[]) {
  const openings = new Map<string, OpeningEntry>()
  /** Keys that somebody set out to write, by the log. */
  const told = new Set<string>()
  const done: (() => Promise<void>)[] = []
  const held: RulesHeld = { versions: 0, proposals: 0, decisions: 0 }

  async function read(key: string, what: string): Promise<Buffer> {
    const body = (await store.get(key))?.body
    if (!body) throw new LogDamageError(key, `it is missing, although the log says that ${what}.`)
    return body
  }

  /** `hash`: of entries from before there was one in them, undefined. */
  async function checkDecision(proposal: string, kind: string, hash: string | undefined, by: string): Promise<void> {
    const key = decisionKey(proposal)
    const body = await read(key, `this proposal was ${kind} (${by})`)
    const decision = parsed(body)
    if (decision?.kind !== kind || (hash !== undefined && sha256Hex(canonicalJson(decision)) !== hash))
      throw new LogDamageError(key, `it is not the decision that the log tells of: this proposal was ${kind} (${by}).`)
    held.decisions++
  }

  function takeDone({ id, action, subject = {} }: OpeningEntry, detail: Record<string, unknown>): void {
    const [proposal, hash, decision] = [idOf(subject.proposal), text(detail.hash), text(detail.decision)]
    const number = Number(subject.version)
    if (action === 'rules-change' && hash !== undefined)
      done.push(async () => {
        const key = rulesKey(number)
        if (sha256Hex(await read(key, `it was put in force (${id})`)) !== hash)
          throw new LogDamageError(key, `it is not the version of the access rules that was put in force (${id}).`)
        held.versions++
        if (proposal !== undefined && decision !== undefined) await checkDecision(proposal, 'approved', decision, id)
      })
    const kind = KINDS[action]
    if (kind && proposal !== undefined) done.push(() => checkDecision(proposal, kind, decision, id))
    if (action === 'rules-proposal' && proposal !== undefined)
      done.push(async () => {
        const key = proposalKey(proposal)
        if (!sha256Hex(await read(key, `it was proposed (${id})`)).startsWith(proposal))
          throw new LogDamageError(key, `it is not as it was proposed (${id}).`)
        held.proposals++
      })
  }

  return {
    take(entry: LogEntry): void {
      if (entry.kind === 'opening' && entry.action.startsWith('rules-')) {
        const { proposal, version } = entry.subject ?? {}
        openings.set(entry.id, entry)
        if (version !== undefined) told.add(rulesKey(Number(version)))
        const id = idOf(proposal)
        if (id !== undefined) told.add(entry.action === 'rules-proposal' ? proposalKey(id) : decisionKey(id))
      }
      if (entry.kind !== 'closing' || entry.outcome !== 'done') return
      const opening = openings.get(entry.of)
      if (opening) takeDone(opening, entry.detail ?? {})
    },

    async finish(): Promise<RulesHeld> {
      for (const key of before)
        if (!told.has(key)) throw new LogDamageError(key, 'the log tells of nobody who put it there: it was added.')
      for (const check of done) await check()
      return held
    },
  }
}

const idOf = (value: unknown) => (typeof value === 'string' && /^[0-9a-f]{32}$/.test(value) ? value : undefined)
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function parsed(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** What lies below `access/` now. */
export async function keysOfRules(store: ObjectStore): Promise<string[]> {
  const keys: string[] = []
  for await (const key of keysBelow(store, ACCESS_PREFIX)) keys.push(key)
  return keys
}
