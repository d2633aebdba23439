import type { ObjectStore } from '../../store/port.ts'
import type { ClosingEntry, LogEntry, OpeningEntry } from '../entries.ts'
import { LogDamageError } from '../errors.ts'
import type { StreamKey } from '../keys/port.ts'
import { auditFile } from '../paths.ts'
import { checkOwn } from '../seal/own.ts'
import { headsOf, readSeal, type SealFile } from '../seal/seal-file.ts'
import { streams, uncovered } from '../seal/uncovered.ts'
import { readObject } from '../stream/object.ts'
import { entriesBetween, firstSealAt, newestFinished, timeOfId } from './entries.ts'

export interface EntryQuery {
  /** When the action began: inclusive. */
  from?: Date
  /** Exclusive. */
  until?: Date
  person?: string
  actions?: string[]
  /** As in the closing entry; `none` where there is no closing. */
  outcome?: string
  /** Of records, one a month (see tokensFor): actions that showed one of them. */
  tokens?: string[]
  /** Most actions to give. */
  limit?: number
  /** The id of the last action of the page before. */
  before?: string
  /** With it, what no checkpoint covers is held against its MACs and chains, and what does not verify is given and marked. */
  checking?: {
    streamKey: StreamKey
    /** A file that does not verify; of a stream the first, since nothing after it is read. */
    onDamage: (error: LogDamageError) => void
  }
}

/** One action of one person. */
export interface AuditedAction {
  opening: OpeningEntry
  /** Absent while it is under way, or where it was interrupted. */
  closing?: ClosingEntry
  /** Number of its opening in the tree; absent while no checkpoint covers it. */
  index?: number
  /** Why one of its entries does not verify: somebody else wrote it, or altered it. Asked for with `checking`. */
  wrong?: string
}

type Take = (entry: LogEntry, of?: { index?: number; wrong?: string }) => void

const MINUTE = 60_000
/** How far writers' clocks may be apart. */
const SKEW = 5 * MINUTE
/** An action's closing is looked for this long after the period. */
const LONGEST = 24 * 60 * MINUTE

/**
 * Actions that answer the query, newest first. In memory are the entries of a few seals at a time and what no seal has taken in.
 * A closing more than a day after the end of the period is not seen.
 */
export async function* findEntries(store: ObjectStore, query: EntryQuery): AsyncGenerator<AuditedAction> {
  const { limit = 100, from = new Date(0) } = query
  const until = Math.min(
    query.until?.getTime() ?? Number.POSITIVE_INFINITY,
    query.before === undefined ? Number.POSITIVE_INFINITY : timeOfId(query.before) + 1,
  )
  const wanted = matcher(query)
  const tokens = query.tokens && new Set(query.tokens)
  const closings = new Map<string, ClosingEntry>()
  const seen = new Set<string>()
  const wrongs = new Map<string, string>()
  let held: AuditedAction[] = []
  let given = 0

  const take: Take = (entry, { index, wrong } = {}) => {
    if (wrong !== undefined && entry.kind !== 'seal') wrongs.set(entry.kind === 'opening' ? entry.id : entry.of, wrong)
    if (entry.kind === 'closing') closings.set(entry.of, entry)
    if (entry.kind === 'records' && tokens && entry.tokens.some((token) => tokens.has(token))) seen.add(entry.of)
    if (entry.kind !== 'opening') return
    if (wanted(entry)) held.push({ opening: entry, ...(index !== undefined && { index }) })
    else forget(entry.id)
  }
  const forget = (id: string) => {
    closings.delete(id)
    seen.delete(id)
    wrongs.delete(id)
  }
  /** What began after `time` has nothing newer behind it: in order, with its closing, as far as it answers. */
  const release = (time: number): AuditedAction[] => {
    held.sort(({ opening: left }, { opening: right }) => (left.id < right.id ? 1 : -1))
    const ready = held.filter(({ opening }) => timeOfId(opening.id) > time)
    held = held.filter(({ opening }) => timeOfId(opening.id) <= time)
    return ready.flatMap((action) => {
      const { id } = action.opening
      const closing = closings.get(id)
      const wrong = wrongs.get(id)
      const answers =
        (!tokens || seen.has(id)) && (query.outcome === undefined || query.outcome === (closing?.outcome ?? 'none'))
      forget(id)
      return answers ? [{ ...action, ...(closing && { closing }), ...(wrong !== undefined && { wrong }) }] : []
    })
  }

  for await (const older of blocks(store, until, take, query.checking)) {
    // Nothing in the blocks to come began after this.
    const bound = older === undefined ? Number.NEGATIVE_INFINITY : older + SKEW
    for (const action of release(bound)) {
      if (given === limit) return
      given++
      yield action
    }
    if (given === limit || bound < from.getTime()) return
  }
}

function matcher({ from, until, person, actions, before }: EntryQuery) {
  const [first, last] = [from?.toISOString() ?? '', until?.toISOString() ?? '9']
  return ({ id, at, actor, action }: OpeningEntry) =>
    at >= first &&
    at < last &&
    (before === undefined || id < before) &&
    (person === undefined || actor.id === person) &&
    (actions === undefined || actions.includes(action))
}

/** Hands over what no seal covers, then seal by seal, the newest first; after each gives when the next older one was made. */
async function* blocks(
  store: ObjectStore,
  until: number,
  take: Take,
  checking: EntryQuery['checking'],
): AsyncGenerator<number | undefined> {
  const newest = await newestFinished(store)
  const size = newest?.seal.size ?? 0
  const latest = newest?.seal.number ?? 0
  const reach = until + LONGEST
  const first = Number.isFinite(reach) ? await firstSealAt(store, latest, new Date(reach)) : latest + 1
  if (first > latest) {
    await takeUncovered(store, newest, take, checking)
    yield newest && Date.parse(newest.seal.at)
  }
  let file = first > latest ? newest : await readSeal(store, first)
  while (file) {
    const { seal }: SealFile = file
    for await (const { entry, index } of entriesBetween(store, seal.before, seal.size, size)) take(entry, { index })
    file = seal.number > 1 ? await readSeal(store, seal.number - 1) : undefined
    yield file && Date.parse(file.seal.at)
  }
}

async function takeUncovered(
  store: ObjectStore,
  newest: SealFile | undefined,
  take: Take,
  checking: EntryQuery['checking'],
) {
  const heads = newest ? headsOf(newest.seal) : new Map<string, { next: number; last: string }>()
  for await (const stream of streams(store, newest, new Date().toISOString())) {
    try {
      for await (const object of uncovered(store, stream, heads.get(stream))) {
        if (checking) await checkOwn(object, checking.streamKey)
        for (const { entry } of object.entries) take(entry)
      }
    } catch (error) {
      if (!(error instanceof LogDamageError)) throw error
      // Shown as far as it is whole; verify tells what is wrong.
      if (!checking) continue
      checking.onDamage(error)
      for (const entry of await entriesIn(store, error.file)) take(entry, { wrong: error.message })
    }
  }
}

/** Of an object of a stream that does not verify, as far as they can be read. */
async function entriesIn(store: ObjectStore, key: string): Promise<LogEntry[]> {
  const file = auditFile(key)
  const body = (await store.get(key))?.body
  if (file?.kind !== 'object' || !body) return []
  try {
    return readObject(file.stream, file.sequence, body).entries.map(({ entry }) => entry)
  } catch (error) {
    if (!(error instanceof LogDamageError)) throw error
    return []
  }
}
