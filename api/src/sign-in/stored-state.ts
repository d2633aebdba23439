import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { privateFolder } from '@muniment/archive/private-files'
import type { Adapter, AdapterPayload } from 'oidc-provider'
import { z } from 'zod'

/** What outlives a restart, so that nobody has to sign in again for it. The rest lasts minutes. */
const LASTING = new Set(['Session', 'Grant', 'RefreshToken'])

/** Entries of a kind: what anybody may cause without signing in must not fill the memory. */
const MOST = 5_000

const StoredEntry = z.object({ id: z.string(), expires: z.number(), payload: z.looseObject({}) })
interface Entry {
  id: string
  /** Milliseconds since 1970. */
  expires: number
  payload: AdapterPayload
}

export interface StoredState {
  adapter: (kind: string) => Adapter
  /** Resolves when all is on disk. */
  settled(): Promise<void>
}

/** The provider's state: in memory, and what is to outlive a restart below `folder` too. Handles are secrets, so it lies with them. */
export async function storedState(folder: string, clock: () => Date): Promise<StoredState> {
  await privateFolder(folder)
  const kinds = new Map<string, Map<string, Entry>>()
  let turn: Promise<void> = Promise.resolve()

  const entriesOf = (kind: string): Map<string, Entry> => {
    const entries = kinds.get(kind) ?? new Map<string, Entry>()
    kinds.set(kind, entries)
    return entries
  }
  const fileOf = (kind: string, id: string) =>
    join(folder, kind, `${createHash('sha256').update(id).digest('hex')}.json`)

  /** One after the other, so that the last word on disk is the last one said. */
  function write(act: () => Promise<void>): Promise<void> {
    const mine = turn.then(act)
    turn = mine.catch(() => {})
    return mine
  }

  async function keep(kind: string, entry: Entry): Promise<void> {
    // A session of nobody is not worth a file.
    if (!LASTING.has(kind) || entry.payload.accountId === undefined) return
    const text = JSON.stringify(entry)
    await write(async () => {
      const temporary = join(folder, kind, `.${randomUUID()}`)
      await writeFile(temporary, text, { mode: 0o600, flag: 'wx' })
      await rename(temporary, fileOf(kind, entry.id))
    })
  }

  async function drop(kind: string, id: string): Promise<void> {
    entriesOf(kind).delete(id)
    if (LASTING.has(kind)) await write(() => rm(fileOf(kind, id), { force: true }))
  }

  async function make(kind: string, entry: Entry): Promise<void> {
    const entries = entriesOf(kind)
    entries.delete(entry.id)
    entries.set(entry.id, entry)
    if (entries.size > MOST) await makeRoom(kind)
    await keep(kind, entry)
  }

  /** What has expired goes, else the oldest. */
  async function makeRoom(kind: string): Promise<void> {
    const entries = entriesOf(kind)
    const now = clock().getTime()
    const expired = [...entries.values()].filter(({ expires }) => expires <= now).map(({ id }) => id)
    const oldest = [...entries.keys()].slice(0, Math.max(1, MOST / 10))
    for (const id of expired.length > 0 ? expired : oldest) await drop(kind, id)
  }

  for (const kind of LASTING) {
    await privateFolder(join(folder, kind))
    for (const entry of await readKept(join(folder, kind), clock().getTime())) entriesOf(kind).set(entry.id, entry)
  }

  function adapter(kind: string): Adapter {
    const entries = entriesOf(kind)
    const find = async (id: string): Promise<AdapterPayload | undefined> => {
      const entry = entries.get(id)
      return entry && entry.expires > clock().getTime() ? structuredClone(entry.payload) : undefined
    }
    return {
      find,
      upsert: (id, payload, expiresIn) =>
        // Without a time it is the provider's own and short-lived.
        make(kind, {
          id,
          expires: clock().getTime() + (expiresIn ?? 3_600) * 1_000,
          payload: structuredClone(payload),
        }),
      async findByUid(uid) {
        const entry = [...entries.values()].find(({ payload }) => payload.uid === uid)
        return entry && find(entry.id)
      },
      findByUserCode: async () => undefined,
      async consume(id) {
        const entry = entries.get(id)
        if (!entry) return
        entry.payload.consumed = Math.floor(clock().getTime() / 1_000)
        await keep(kind, entry)
      },
      destroy: (id) => drop(kind, id),
      async revokeByGrantId(grantId) {
        const ids = [...entries.values()].filter(({ payload }) => payload.grantId === grantId).map(({ id }) => id)
        for (const id of ids) await drop(kind, id)
      },
    }
  }

  return { adapter, settled: () => turn }
}

async function readKept(folder: string, now: number): Promise<Entry[]> {
  const kept: Entry[] = []
  for (const name of await readdir(folder)) {
    const file = join(folder, name)
    const entry = await readFile(file, 'utf8').then(parseEntry, () => undefined)
    if (entry && entry.expires > now) kept.push(entry)
    // Half written by a crash, or over: whom it belonged to signs in again.
    else await rm(file, { force: true })
  }
  return kept.sort((a, b) => a.expires - b.expires)
}

function parseEntry(text: string): Entry | undefined {
  try {
    return StoredEntry.parse(JSON.parse(text)) as Entry
  } catch {
    return undefined
  }
}
