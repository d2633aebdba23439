import { LogDamageError } from '../errors.ts'
import type { StreamKey } from '../keys/port.ts'
import { isMark } from '../keys/stream-key.ts'
import type { StreamObject } from '../stream/object.ts'

/**
 * Throws LogDamageError for an object that no process of this log wrote, whoever can write the files.
 */
export async function checkOwn(object: StreamObject, key: StreamKey): Promise<void> {
  if (key.wasFound(object.hash)) return
  if (object.mac === undefined)
    throw new LogDamageError(
      object.key,
      'it has no MAC, so no process of this log wrote it: it was added. It is not sealed.',
    )
  if (!(await isMark(key, object.mac, object.unmarked())))
    throw new LogDamageError(
      object.key,
      "its MAC is not of this log's key, so no process of this log wrote it as it is. It is not sealed.",
    )
}
