import { z } from 'zod'
import { OperatorError } from '../errors.ts'
import { slotKey } from '../layout.ts'
import { ConflictError } from '../store/errors.ts'
import type { ObjectStore, StoredObject } from '../store/port.ts'

/**
 * What has an application's one work slot: `loads/<application>/slot.json`. It names the work and not who does it, so that whoever comes
 * after a crash resumes or ends that work.
 */
export const Slot = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('load'), work: z.string().regex(/^[0-9a-f]{32}$/), begun: z.string() }),
  z.object({ kind: z.literal('run'), work: z.string().regex(/^R-\d{8}-[0-9a-f]{12}$/), begun: z.string() }),
])
export type Slot = z.infer<typeof Slot>

/** Undefined for what is no slot. */
export function slotIn(body: Buffer): Slot | undefined {
  try {
    return Slot.parse(JSON.parse(body.toString('utf8')))
  } catch {
    return undefined
  }
}

export async function readSlot(
  store: ObjectStore,
  application: string,
): Promise<{ object: StoredObject; slot: Slot | undefined } | undefined> {
  const object = await store.get(slotKey(application))
  return object && { object, slot: slotIn(object.body) }
}

/** What is under way there, and how it ends. */
export function slotInWords(application: string, slot: Slot | undefined): string {
  if (slot?.kind === 'load')
    return `Load ${slot.work} of ${application} is under way or was interrupted (begun ${slot.begun}); one that was interrupted ends when the same load is started again`
  if (slot?.kind === 'run')
    return `Run ${slot.work}, which destroys records of ${application}, is under way, paused or was interrupted (begun ${slot.begun}); it goes on by: npx muniment retention execute ${slot.work}`
  return `Other work on ${application} is under way (${slotKey(application)})`
}

/**
 * Takes the slot for this work, or goes on where it has it already. Anything else that is under way is what it gives: it is never taken
 * from that.
 */
export async function claimSlot(
  store: ObjectStore,
  application: string,
  work: Pick<Slot, 'kind' | 'work'>,
): Promise<'ours' | { object: StoredObject; slot: Slot | undefined }> {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      await store.create(slotKey(application), JSON.stringify({ ...work, begun: new Date().toISOString() }))
      return 'ours'
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
    }
    const there = await readSlot(store, application)
    // It was given back between the two looks.
    if (!there) continue
    return there.slot?.kind === work.kind && there.slot.work === work.work ? 'ours' : there
  }
  throw new OperatorError(`The work slot of ${application} could not be taken.`)
}

/** Gives the slot back, if it is this work's. */
export async function leaveSlot(store: ObjectStore, application: string, work: string): Promise<void> {
  const there = await readSlot(store, application)
  if (there?.slot?.work !== work) return
  try {
    await store.remove(there.object.key, there.object.etag)
  } catch (error) {
    // It was given back meanwhile, and other work took it.
    if (!(error instanceof ConflictError)) throw error
  }
}
