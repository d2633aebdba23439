import { z } from 'zod'
import { ConflictError } from '../../store/errors.ts'
import type { ObjectStore } from '../../store/port.ts'
import { atMost } from '../at-most.ts'
import { Footer } from '../footer.ts'
import type { NamedObject } from '../named-objects.ts'
import { readFooter } from './range-footers.ts'

/** Version of what is derived from a footer; another one reads all again. */
const Kept = z.object({ version: z.literal(1), footers: z.record(z.string(), Footer) })

const keptKey = (application: string, load: string) => `catalog/footers/${application}/${load}.json`

/** Footers read at once: each holds a buffer of some 100 KB. */
const AT_ONCE = 16

/**
 * Footers by ETag. Those of a load are kept in one object, `catalog/footers/<application>/<load>.json`, which may be lost at any time:
 * an object is read again only when it changed.
 */
export async function keptFooters(
  store: ObjectStore,
  application: string,
  named: readonly NamedObject[],
): Promise<Map<string, Footer>> {
  const found = new Map<string, Footer>()
  const loads = new Map<string, NamedObject['object'][]>()
  for (const { load, object } of named) {
    const others = loads.get(load)
    if (others) others.push(object)
    else loads.set(load, [object])
  }
  for (const [load, objects] of loads) await ofLoad(store, keptKey(application, load), objects, found)
  return found
}

async function ofLoad(store: ObjectStore, key: string, objects: NamedObject['object'][], found: Map<string, Footer>) {
  const there = await store.get(key)
  const before = there ? parsed(there.body.toString('utf8')) : {}
  const footers: Record<string, Footer> = {}
  const unread: NamedObject['object'][] = []
  for (const object of objects) {
    const footer = before[object.etag]
    if (footer) footers[object.etag] = footer
    else unread.push(object)
  }
  await atMost(AT_ONCE, unread, async (object) => {
    const footer = await readFooter(store, object)
    if (footer) footers[object.etag] = footer
  })
  for (const [etag, footer] of Object.entries(footers)) found.set(etag, footer)
  const isAsKept = unread.length === 0 && Object.keys(footers).length === Object.keys(before).length
  if (isAsKept) return
  const body = JSON.stringify({ version: 1, footers })
  try {
    if (there) await store.replace(key, body, there.etag)
    else await store.create(key, body)
  } catch (error) {
    // Whoever crawls at the same time has read the same.
    if (!(error instanceof ConflictError)) throw error
  }
}

function parsed(text: string): Record<string, Footer> {
  try {
    return Kept.parse(JSON.parse(text)).footers
  } catch {
    return {}
  }
}
