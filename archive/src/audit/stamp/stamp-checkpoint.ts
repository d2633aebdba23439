import type { Certificate } from 'pkijs'
import { ConflictError } from '../../store/errors.ts'
import type { ObjectStore } from '../../store/port.ts'
import { LogDamageError } from '../errors.ts'
import { checkpointKey, timeStampKey } from '../paths.ts'
import { askTimeStamp } from './ask.ts'
import { checkTimeStamp, type TimeStamp } from './check.ts'

export interface StampOptions {
  store: ObjectStore
  /** Where time stamps are asked for. */
  authority: string
  /** Certificates that must have issued the signer's; without them anybody's is taken who answers there. */
  issuers?: readonly Certificate[]
  /** Milliseconds until a reply must be there. */
  timeout?: number
  /** Gives up waiting for one. */
  signal?: AbortSignal
}

/**
 * Asks for a time stamp of a seal's checkpoint and keeps it beside it. Gives undefined where there is one already. Throws TimeStampError where
 * none can be had, or what comes is none.
 */
export async function stampCheckpoint(
  { store, authority, issuers, timeout, signal }: StampOptions,
  number: number,
): Promise<TimeStamp | undefined> {
  const key = timeStampKey(number)
  if (await store.head(key)) return undefined
  const checkpoint = (await store.get(checkpointKey(number)))?.body
  if (!checkpoint) throw new LogDamageError(checkpointKey(number), 'this checkpoint is missing.')
  const { reply, nonce } = await askTimeStamp(authority, checkpoint, {
    ...(timeout !== undefined && { timeout }),
    ...(signal && { signal }),
  })
  const stamp = await checkTimeStamp(reply, { data: checkpoint, nonce, authorities: issuers })
  try {
    await store.create(key, reply)
    return stamp
  } catch (error) {
    // Another sealer was first.
    if (error instanceof ConflictError) return undefined
    throw error
  }
}
