import { NotFoundError } from '@muniment/archive/errors'
import type { Person } from '@muniment/archive/identity/port'
import type { ObjectStore } from '@muniment/archive/store/port'
import { recordKey } from './keys.ts'
import type { SearchRecord } from './search-record.ts'

/** A record with the ETag under which it may be replaced. */
export interface RecordEntry {
  record: SearchRecord
  etag: string
}

export type SearchRecords = ReturnType<typeof createSearchRecords>

/** Nothing is remembered here: what is erased from the store is gone at once, whoever erased it. */
export function createSearchRecords(store: ObjectStore) {
  async function read(id: string): Promise<RecordEntry | undefined> {
    const object = await store.get(recordKey(id))
    return object && { record: JSON.parse(object.body.toString('utf8')), etag: object.etag }
  }

  return {
    read,

    async open(record: SearchRecord): Promise<RecordEntry> {
      const { etag } = await store.create(recordKey(record.id), JSON.stringify(record))
      return { record, etag }
    },

    /** Of a search that is not to be, and of which nothing was asked. */
    drop: ({ record, etag }: RecordEntry): Promise<void> => store.remove(recordKey(record.id), etag),

    /** Throws ConflictError when somebody else has written meanwhile. */
    async replace(entry: RecordEntry, record: SearchRecord): Promise<RecordEntry> {
      const { etag } = await store.replace(recordKey(record.id), JSON.stringify(record), entry.etag)
      return { record, etag }
    },

    /** Throws NotFoundError, the same for what is not there and for what belongs to somebody else. */
    async readOwn(id: string, person: Person): Promise<RecordEntry> {
      const entry = await read(id)
      if (entry?.record.person.id !== person.id) throw new NotFoundError()
      return entry
    },
  }
}
