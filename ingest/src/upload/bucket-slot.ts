import { OperatorError } from '@muniment/archive/errors'
import { slotKey } from '@muniment/archive/layout'
import type { ObjectStore } from '@muniment/archive/store/port'
import { claimSlot } from '@muniment/archive/work-slot/work-slot'

/**
 * Takes the work slot of an application in the bucket for a load, or goes on with it where it names that load. Never from anybody else:
 * whether they still work cannot be seen from here.
 */
export async function takeBucketSlot(bucket: ObjectStore, application: string, load: string): Promise<void> {
  const there = await claimSlot(bucket, application, { kind: 'load', work: load })
  if (there === 'ours') return
  const { slot } = there
  const whose = slot ? `${slot.kind} ${slot.work}, begun ${slot.begun}` : 'somebody who does not say what he does'
  throw new OperatorError(
    `Other work on ${application} has the bucket's work slot (${slotKey(application)}): ${whose}. Upload when it has ended; what was interrupted ` +
      'is finished by calling it again where it was begun.',
  )
}
