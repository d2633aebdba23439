import { z } from 'zod'
import { OperatorError } from '../errors.ts'
import { loadPrefix } from '../layout.ts'
import type { ObjectStore } from '../store/port.ts'

/** The commit of a load, `loads/<application>/<load>/load.json`: what it names is visible, once it exists. */
export const LoadCommit = z.looseObject({
  load: z.string().min(1),
  application: z.string(),
  /** Rows by table; a table may be here without an object: it was delivered empty. */
  tables: z.record(z.string(), z.looseObject({ read: z.int(), written: z.int(), refused: z.int() })),
  objects: z.array(
    z.looseObject({
      key: z.string(),
      etag: z.string(),
      size: z.int(),
      rows: z.int(),
      table: z.string(),
      partition: z.record(z.string(), z.string()),
    }),
  ),
})
export type LoadCommit = z.infer<typeof LoadCommit>

/** All committed loads of an application, in the order of their ids. */
export async function readLedger(store: ObjectStore, application: string): Promise<LoadCommit[]> {
  const commits: LoadCommit[] = []
  for await (const { key } of store.list(loadPrefix(application))) {
    if (!/^loads\/[^/]+\/[^/]+\/load\.json$/.test(key)) continue
    const object = await store.get(key)
    if (!object) continue
    try {
      const commit = LoadCommit.parse(JSON.parse(object.body.toString()))
      if (commit.application !== application) throw new Error(`it names the application ${commit.application}`)
      commits.push(commit)
    } catch (error) {
      throw new OperatorError(
        `The ledger of loads is damaged: ${key} cannot be read. Nothing was changed; restore this object from a copy.`,
        { cause: error },
      )
    }
  }
  return commits
}
