import { OperatorError } from '@muniment/archive/errors'
import type { ObjectStore, ObjectVersion } from '@muniment/archive/store/port'

async function versionsOf(store: ObjectStore, key: string): Promise<ObjectVersion[]> {
  const found: ObjectVersion[] = []
  // A prefix, so that keys that begin alike are listed too.
  for await (const version of store.versions?.list(key) ?? []) if (version.key === key) found.push(version)
  return found
}

/**
 * Removes every version of a key but the latest, data before delete markers: a marker removed first would make the record readable again.
 * `etag`: what the latest must be, null where it must be gone. Gives how many were removed; lists again to prove that none is left.
 */
export async function purgeVersions(store: ObjectStore, key: string, etag: string | null): Promise<number> {
  const { versions } = store
  if (!versions || (await versions.state()) === 'never') return 0
  let removed = 0
  for (let pass = 0; pass < 5; pass++) {
    const all = await versionsOf(store, key)
    const latest = all.find((version) => version.latest)
    const isOurs =
      etag === null ? !latest || latest.deleteMarker : latest && !latest.deleteMarker && latest.etag === etag
    if (!isOurs)
      throw new OperatorError(
        `${key} was changed while its older versions were being removed. Find out by what; the run goes on afterwards.`,
      )
    const older = all.filter((version) => !version.latest)
    if (older.length === 0) return removed
    for (const { versionId } of [
      ...older.filter(({ deleteMarker }) => !deleteMarker),
      ...older.filter(({ deleteMarker }) => deleteMarker),
    ]) {
      await versions.remove(key, versionId)
      removed++
    }
  }
  throw new OperatorError(
    `Older versions of ${key} are still there after they were removed. Look whether the bucket locks them.`,
  )
}

/** All versions of an object that is nobody's record, the latest too. */
export async function removeWholly(store: ObjectStore, key: string): Promise<void> {
  const there = await store.head(key)
  if (there) await store.remove(key, there.etag)
  await purgeVersions(store, key, null)
}
