import { LogDamageError } from '../errors.ts'
import type { StreamKey } from '../keys/port.ts'
import { isMark } from '../keys/stream-key.ts'
import type { StreamObject } from '../stream/object.ts'
import type { Marks } from './report.ts'

/** Who wrote the objects: the log's own processes MAC them. With the key of streams that is checked, else counted. */
export function checkMarks(key: StreamKey | undefined) {
  const marks: Marks = { good: 0, unchecked: 0, other: 0, without: 0 }
  const count = (kind: keyof Marks) => {
    marks[kind]++
  }

  return {
    marks,
    /** `sealed`: a checkpoint is above it or will be; the sealer looked at it before. */
    async take(object: StreamObject, sealed: boolean, entry?: number): Promise<void> {
      const { mac, hash } = object
      const known = sealed || !key || key.wasFound(hash)
      if (mac === undefined && known) return count('without')
      if (mac === undefined)
        throw new LogDamageError(object.key, 'it has no MAC, so no process of this log wrote it: it was added.', entry)
      if (!key) return count('unchecked')
      if (!mac.startsWith(`${key.id}.`) && known) return count('other')
      if (!(await isMark(key, mac, object.unmarked())))
        throw new LogDamageError(
          object.key,
          "its MAC is not of this log's key, so no process of this log wrote it as it is.",
          entry,
        )
      count('good')
    },
  }
}
