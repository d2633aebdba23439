import { z } from 'zod'
import type { LogEntry } from '../entries.ts'
import { isSignature, type Note, readVerifierLine, signersOf, type Verifier } from '../keys/note.ts'
import { rotationText } from '../keys/rotation.ts'

const Named = z.object({ key: z.string(), by: z.string(), signature: z.string() })

/** Keys that are believed: those given, those that a believed one has named as its successor, and the predecessors that one of them replaced. */
export function createTrust(given: readonly Verifier[]) {
  const known = [...given]
  const before: { key: Verifier; by: Verifier }[] = []
  const replaced = new Map<string, number>()
  const has = ({ name, publicKey }: Verifier) =>
    known.some((one) => one.name === name && one.publicKey.equals(publicKey))

  return {
    /** Takes in what an entry of the log says of its keys. */
    take(entry: LogEntry, index: number) {
      if (entry.kind !== 'opening' || entry.action !== 'key-rotation') return
      const named = Named.safeParse(entry.subject)
      const key = readVerifierLine(named.data?.key ?? '')
      const by = readVerifierLine(named.data?.by ?? '')
      if (!named.success || !key || !by || key.name !== by.name) return
      const text = rotationText(named.data.by, named.data.key)
      if (!isSignature(text, Buffer.from(named.data.signature, 'base64'), by.publicKey)) return
      before.push({ key, by })
      if (has(by)) {
        replaced.set(by.id, replaced.get(by.id) ?? index)
        if (!has(key)) known.push(key)
      }
    },
    /** The believed keys that signed; undefined where one of their signatures is bad. */
    signers: (note: Note): Verifier[] | undefined => signersOf(note, known),
    /** The entry that named the successor of a key. */
    replacedAt: ({ id }: Verifier) => replaced.get(id),
    /** From now on the keys that led to a believed one are believed too: for what they signed in their time. */
    lookBack() {
      for (const { key, by } of [...before].reverse()) if (has(key) && !has(by)) known.push(by)
    },
  }
}
export type Trust = ReturnType<typeof createTrust>
