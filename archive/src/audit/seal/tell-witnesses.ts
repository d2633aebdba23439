import type { ObjectStore } from '../../store/port.ts'
import { checkConsistency } from '../merkle/check-proofs.ts'
import { consistencyProof } from '../merkle/proofs.ts'
import { subtreesOf } from '../merkle/tiles.ts'
import { readCheckpoint } from './checkpoint.ts'
import type { Witness, WitnessOutcome } from './witness.ts'

/** Hands the newest checkpoint to each, having looked whether the log still goes on from what it keeps. A failure keeps nobody else from his. */
export async function tellWitnesses(
  store: ObjectStore,
  witnesses: readonly Witness[],
  { checkpoint }: { checkpoint: string | undefined },
): Promise<WitnessOutcome[]> {
  const ours = checkpoint === undefined ? undefined : readCheckpoint(checkpoint)
  return Promise.all(
    witnesses.map(async (witness): Promise<WitnessOutcome> => {
      const { name } = witness
      try {
        const newest = await witness.newest()
        // Nothing was sealed since.
        if (newest !== undefined && newest === checkpoint) return { name, state: 'kept' }
        const kept = readCheckpoint(newest ?? '')
        if (kept && kept.size > (ours?.size ?? 0))
          return {
            name,
            state: 'contradicts',
            message: `it keeps a checkpoint over ${kept.size} entries; the log has ${ours?.size ?? 0}: the end was cut off`,
          }
        if (!ours || checkpoint === undefined) return { name, state: 'kept' }
        if (kept) {
          const proof = await consistencyProof(subtreesOf(store, ours.size), kept.size, ours.size)
          if (kept.origin !== ours.origin || !checkConsistency(kept, ours, proof))
            return {
              name,
              state: 'contradicts',
              message: `the log does not go on from its checkpoint over ${kept.size} entries`,
            }
        }
        await witness.keep(checkpoint)
        return { name, state: 'kept' }
      } catch (error) {
        return { name, state: 'failed', message: error instanceof Error ? error.message : 'the reason is not known' }
      }
    }),
  )
}
