import { OperatorError } from '@muniment/archive/errors'
import { slotKey } from '@muniment/archive/layout'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { Slot } from '../load/slot.ts'

/**
 * Takes the work slot of an application in the bucket for a load, or goes on with it where it names that load. Never from anybody else:
 * whether they still work cannot be seen from here.
 */
export async function takeBucketSlot(bucket: ObjectStore, application: string, load: string): Promise<void> {
  const key = slotKey(application)
  try {
    await bucket.create(key, JSON.stringify({ kind: 'load', work: load, begun: new Date().toISOString() }))
    return
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
  }
  const object = await bucket.get(key)
  // It was given back between the two looks.
  if (!object) return takeBucketSlot(bucket, application, load)
  const slot = slotIn(object.body)
  if (slot?.kind === 'load' && slot.work === load) return
  const whose = slot ? `${slot.kind} ${slot.work}, begun ${slot.begun}` : 'somebody who does not say what he does'
  throw new OperatorError(
    `Other work on ${application} has the bucket's work slot (${key}): ${whose}. Upload when it has ended; what was interrupted ` +
      'is finished by calling it again where it was begun.',
  )
}

function slotIn(body: Buffer) {
  try {
    return Slot.parse(JSON.parse(body.toString('utf8')))
  } catch {
    return undefined
  }
}
