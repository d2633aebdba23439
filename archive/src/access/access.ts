import { OperatorError } from '../errors.ts'
import type { ObjectStore } from '../store/port.ts'
import { NoRulesError } from './begin-rules.ts'
import { createHeldRights } from './held-rights.ts'
import type { Access } from './port.ts'
import { type Listed, listVersions, readListed, type StoredVersion } from './versions.ts'

export interface AccessOptions {
  store: ObjectStore
  clock: () => Date
}

const same = (left: readonly Listed[], right: readonly Listed[]) =>
  left.length === right.length &&
  left.every(({ key, etag }, index) => key === right[index]?.key && etag === right[index]?.etag)

/** Rights by the rules in the store. They are read anew when the listing says that anything changed, so a change counts from the next request on. */
export function createAccess({ store, clock }: AccessOptions): Access & { rules(): Promise<StoredVersion> } {
  const rightsOf = createHeldRights()
  let held: { listed: readonly Listed[]; versions: StoredVersion[] } | undefined

  async function versions(): Promise<StoredVersion[]> {
    const before = held
    const listed = await listVersions(store)
    if (before && same(before.listed, listed)) return before.versions
    const now = await readListed(store, listed)
    // The chain shows no version that was cut off its end, nor the last one rewritten: whoever saw them before does.
    for (const { number, hash } of before?.versions ?? [])
      if (now.versions[number - 1]?.hash !== hash)
        throw new OperatorError(
          `The access rules cannot be trusted: version ${number}, which was in force before, is gone or another one now. ` +
            'Until it is back nobody sees any record. Restore access/rules/ from a copy of the bucket.',
        )
    if (now.versions.length >= (held?.versions.length ?? 0)) held = now
    return now.versions
  }

  async function rules(): Promise<StoredVersion> {
    const newest = (await versions()).at(-1)
    if (newest) return newest
    throw new NoRulesError()
  }

  return {
    rules,
    async rightsOf(person) {
      return rightsOf(await rules(), person, clock())
    },
  }
}
