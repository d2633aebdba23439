import { NotFoundError } from '@muniment/archive/errors'
import type { Person } from '@muniment/archive/identity/port'
import type { ObjectStore } from '@muniment/archive/store/port'
import { recordKey } from './keys.ts'
import { createLru } from './lru.ts'
import { hasEnded, type SearchRecord } from './search-record.ts'

/** A record with the ETag under which it may be replaced. */
export interface RecordEntry {
  record: SearchRecord
  etag: string
}

export type SearchRecords = ReturnType<typeof createSearchRecords>

export function createSearchRecords(store: ObjectStore) {
  /** Ended ones only: they change no more, whoever else serves this archive. */
  const ended = createLru<RecordEntry>(2_000)

  function remember(entry: RecordEntry): RecordEntry {
    if (hasEnded(entry.record.state)) ended.set(entry.record.id, entry)
    return entry
  }

  async function read(id: string): Promise<RecordEntry | undefined> {
    const known = ended.get(id)
    if (known) return known
    const object = await store.get(recordKey(id))
    return object && remember({ record: JSON.parse(object.body.toString('utf8')), etag: object.etag })
  }

  return {
    read,

    async open(record: SearchRecord): Promise<RecordEntry> {
      const { etag } = await store.create(recordKey(record.id), JSON.stringify(record))
      return remember({ record, etag })
    },

    /** Throws ConflictError when somebody else has written meanwhile. */
    async replace(entry: RecordEntry, record: SearchRecord): Promise<RecordEntry> {
      const { etag } = await store.replace(recordKey(record.id), JSON.stringify(record), entry.etag)
      return remember({ record, etag })
    },

    /** Throws NotFoundError, the same for what is not there and for what belongs to somebody else. */
    async readOwn(id: string, person: Person): Promise<RecordEntry> {
      const entry = await read(id)
      if (entry?.record.person.id !== person.id) throw new NotFoundError()
      return entry
    },
  }
}
