import { LogDamageError } from '../errors.ts'
import { type Checkpoint, readCheckpoint } from '../seal/checkpoint.ts'
import type { Witness } from '../seal/witness.ts'
import type { Trust } from './trust.ts'

interface Kept {
  name: string
  checkpoint: Checkpoint
}

/** How the names of witnesses begin. */
export const WITNESS = 'witness '

/** Checkpoints that were kept elsewhere, by size, and who keeps them. */
export async function readOlder(older: readonly string[], witnesses: readonly Witness[]) {
  const kept: Kept[] = []
  const take = (name: string, text: string) => {
    const checkpoint = readCheckpoint(text)
    if (!checkpoint) throw new LogDamageError(name, 'this is no checkpoint of a log.')
    kept.push({ name, checkpoint })
  }
  for (const text of older) take('the checkpoint given', text)
  const asked = [
    ...(older.length > 0 ? ['the checkpoint given'] : []),
    ...witnesses.map(({ name }) => `${WITNESS}${name}`),
  ]
  for (const witness of witnesses)
    for await (const text of witness.checkpoints()) take(`${WITNESS}${witness.name}`, text)
  kept.sort((left, right) => left.checkpoint.size - right.checkpoint.size)
  let next = 0

  return {
    /** Called with every size that the tree grows to; `root` is asked for where a checkpoint has that size. */
    at(size: number, root: () => Buffer) {
      for (; kept[next]?.checkpoint.size === size; next++) {
        const { name, checkpoint } = kept[next] as Kept
        if (!checkpoint.root.equals(root()))
          throw new LogDamageError(
            name,
            `the first ${size} entries of the log are not those that this checkpoint signed: the log was rewritten.`,
          )
      }
    },

    /** After all entries; signatures come last, because the log itself may have named the key. */
    finish(covered: number, origin: string | undefined, trust: Trust) {
      for (const { name, checkpoint } of kept) {
        if (checkpoint.size > covered)
          throw new LogDamageError(
            name,
            `this checkpoint covers ${checkpoint.size} entries, the log's own ${covered}: the end was cut off.`,
          )
        if (checkpoint.origin !== origin)
          throw new LogDamageError(name, `this checkpoint is of another log (${checkpoint.origin}, not ${origin}).`)
        if (!trust.signers(checkpoint.note)?.length)
          throw new LogDamageError(name, 'this checkpoint is not signed by a key of the log that is known.')
      }
      // Who was asked and keeps nothing is told too.
      return [...new Set(asked)].map((name) => {
        const sizes = kept.filter((one) => one.name === name).map(({ checkpoint }) => checkpoint.size)
        return { name, checkpoints: sizes.length, largest: sizes.at(-1) ?? 0 }
      })
    },
  }
}
