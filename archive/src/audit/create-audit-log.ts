import type { ObjectStore } from '../store/port.ts'
import type { LogEntry } from './entries.ts'
import { newEntryId } from './entry-id.ts'
import type { Secrets, StreamKey } from './keys/port.ts'
import type { AuditLog, Closing, Opening } from './port.ts'
import { uncoveredHashes } from './seal/uncovered-hashes.ts'
import { closingEntries, openingEntry, textOf } from './stream/entries-of.ts'
import { createStreamWriter } from './stream/writer.ts'

export interface AuditLogOptions {
  store: ObjectStore
  secrets: Secrets
  clock: () => Date
  /** What writes: a word that is kept with the stream, as `server` or `command`. */
  process?: string
}

export interface WritableAuditLog extends AuditLog {
  /** Name of the stream that is being written; another after midnight (UTC). */
  readonly stream: string
  /** Resolves once everything that waits is written; what comes after is refused. */
  end(): Promise<void>
}

/** Characters of entries that are written in one object; a large export's tokens take several. */
const OBJECT_SIZE = 512 * 1024

/** The log of one process, which has a stream of its own. Entries that come while one is written go together into the next object. */
export function createAuditLog({ store, secrets, clock, process = 'process' }: AuditLogOptions): WritableAuditLog {
  let held: StreamKey | undefined
  const key = async () => {
    held ??= await secrets.streamKey(() => uncoveredHashes(store))
    return held
  }
  const writer = createStreamWriter({ store, clock, process, newId: newEntryId, key })

  /** The closing is in the last object: where that one is not written, the action has no closing. */
  async function write(entries: AsyncIterable<LogEntry>): Promise<void> {
    let some: string[] = []
    let size = 0
    for await (const entry of entries) {
      const text = textOf(entry)
      if (some.length > 0 && size + text.length > OBJECT_SIZE) {
        await writer.write(some)
        some = []
        size = 0
      }
      some.push(text)
      size += text.length
    }
    await writer.write(some)
  }

  async function* bothEntries(id: string, at: Date, opening: Opening, closing: Closing): AsyncGenerator<LogEntry> {
    yield await openingEntry(id, at, opening, secrets)
    yield* closingEntries(id, at, closing, secrets)
  }

  return {
    get stream() {
      return writer.stream()
    },
    async open(opening) {
      const at = clock()
      const id = opening.id ?? newEntryId(at)
      await writer.write([textOf(await openingEntry(id, at, opening, secrets))])
      return id
    },
    async close(id, closing) {
      await write(closingEntries(id, clock(), closing, secrets))
    },
    async note(opening, closing) {
      const at = clock()
      const id = opening.id ?? newEntryId(at)
      await write(bothEntries(id, at, opening, closing))
      return id
    },
    end: () => writer.close(),
  }
}
