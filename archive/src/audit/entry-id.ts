import { v7 } from 'uuid'

/** An entry's id: UUIDv7, so that its moment is in it. */
export const newEntryId = (at: Date): string => v7({ msecs: at.getTime() })
