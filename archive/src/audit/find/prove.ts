import { InputError, NotFoundError } from '../../errors.ts'
import type { ObjectStore } from '../../store/port.ts'
import { idOf, type LogEntry } from '../entries.ts'
import { LogDamageError } from '../errors.ts'
import { recordText, tokenOf } from '../keys/commitments.ts'
import type { Secrets } from '../keys/port.ts'
import { inclusionProof } from '../merkle/proofs.ts'
import { subtreesOf } from '../merkle/tiles.ts'
import { checkpointKey } from '../paths.ts'
import type { SeenRecord } from '../port.ts'
import { readCheckpoint } from '../seal/checkpoint.ts'
import { readSeal } from '../seal/seal-file.ts'
import { entriesBetween, firstSealAt, newestFinished, timeOfId } from './entries.ts'

/** That an action's entries are in the log that the checkpoint signs; a page of documentation and sha256 check it. */
export interface Proof {
  format: 1
  /** Signed note: the log's name, the number of its entries and its root. */
  checkpoint: string
  entries: {
    kind: string
    /** Number in the tree, from 0. */
    index: number
    /** The entry's bytes, UTF-8. */
    text: string
    /** Siblings from the leaf up to the root, hexadecimal. */
    hashes: string[]
    /** The same with the checkpoint as C2SP's tlog-proof. */
    tlogProof: string
  }[]
  /** Where a record was named: that it is among those that the action showed. */
  record?: {
    /** `token`, in the entry of kind `records`, is the first 128 bits of HMAC-SHA256 over this text, base64url. */
    text: string
    token: string
    /** As 2026-11: whose key. */
    month: string
    /** 64 hexadecimal digits; with it whoever has the entry can try every record of the month. Only where it was asked for. */
    key?: string
  }
}

export interface RecordAsked {
  record: SeenRecord
  secrets: Secrets
  /** Puts the month's key into the proof: without it, only who has the key can check that the token is the record's. */
  reveal?: boolean
}

/** The clocks of writer and sealer may be this far apart, in milliseconds. */
const SKEW = 10 * 60_000

/**
 * Proves opening and closing of an action, up to the newest checkpoint, and where a record is named the entry that holds its token.
 * Throws NotFoundError where no checkpoint covers the opening, or the record is not among what the action showed.
 */
export async function prove(store: ObjectStore, id: string, asked?: RecordAsked): Promise<Proof> {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))
    throw new InputError('An entry is named by its id, as 0193a0b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b.')
  const newest = await newestFinished(store)
  const { number = 0, size = 0 } = newest?.seal ?? {}
  const first = await firstSealAt(store, number, new Date(timeOfId(id) - SKEW))
  const start = first > number ? size : first === 1 ? 0 : await beforeOf(store, first, size)
  const found: { kind: string; index: number; bytes: Buffer }[] = []
  const tokens = asked && (await tokensOf(asked, new Date(timeOfId(id))))
  let shown: Token | undefined
  const missing = new Set(['opening', 'closing', ...(asked ? ['records'] : [])])
  for await (const { entry, index, bytes } of entriesBetween(store, start, size, size)) {
    if (entry.kind === 'seal' || idOf(entry) !== id || !missing.has(entry.kind)) continue
    if (entry.kind === 'records') {
      const token = tokenIn(entry, tokens ?? [])
      if (!token) continue
      shown = token
    }
    found.push({ kind: entry.kind, index, bytes })
    missing.delete(entry.kind)
    if (missing.size === 0) break
  }
  if (missing.has('opening'))
    throw new NotFoundError(
      'There is no such entry in what the newest checkpoint covers. If it is recent, seal first: `muniment audit seal`.',
    )
  if (asked && !shown)
    throw new NotFoundError(
      'In what the newest checkpoint covers, this record is not among those that the action showed.',
    )
  // A closing in another stream may stand before its opening in the tree.
  const order = ['opening', 'records', 'closing']
  found.sort((left, right) => order.indexOf(left.kind) - order.indexOf(right.kind))
  const checkpoint = (await store.get(checkpointKey(number)))?.body.toString() ?? ''
  if (readCheckpoint(checkpoint)?.size !== size)
    throw new LogDamageError(checkpointKey(number), 'it is not the checkpoint of its seal.')
  const subtrees = subtreesOf(store, size)
  const entries: Proof['entries'] = []
  for (const { kind, index, bytes } of found) {
    const hashes = await inclusionProof(subtrees, index, size)
    const lines = hashes.map((hash) => `${hash.toString('base64')}\n`).join('')
    const tlogProof = `c2sp.org/tlog-proof@v1\nindex ${index}\n${lines}\n${checkpoint}`
    entries.push({ kind, index, text: bytes.toString(), hashes: hashes.map((hash) => hash.toString('hex')), tlogProof })
  }
  if (!asked || !shown) return { format: 1, checkpoint, entries }
  const { token, month, key } = shown
  const record = {
    text: recordText(asked.record),
    token,
    month,
    ...(asked.reveal && { key: key.toString('hex') }),
  }
  return { format: 1, checkpoint, entries, record }
}

interface Token {
  token: string
  month: string
  key: Buffer
}

/** An export's records may be named a while after it began. */
const MONTHS = 2

async function tokensOf({ record, secrets }: RecordAsked, began: Date): Promise<Token[]> {
  const tokens: Token[] = []
  const forgotten: string[] = []
  for (let later = 0; later < MONTHS; later++) {
    const month = new Date(Date.UTC(began.getUTCFullYear(), began.getUTCMonth() + later)).toISOString().slice(0, 7)
    const key = await secrets.find(month)
    if (key) tokens.push({ token: tokenOf(key, record), month, key })
    else if (later === 0) forgotten.push(month)
  }
  if (tokens.length === 0)
    throw new NotFoundError(
      `Which records the action showed cannot be said: the key of ${forgotten.join()} was forgotten.`,
    )
  return tokens
}

const tokenIn = (entry: Extract<LogEntry, { kind: 'records' }>, tokens: readonly Token[]): Token | undefined =>
  tokens.find(({ token }) => entry.tokens.includes(token))

async function beforeOf(store: ObjectStore, number: number, otherwise: number): Promise<number> {
  return (await readSeal(store, number))?.seal.before ?? otherwise
}
