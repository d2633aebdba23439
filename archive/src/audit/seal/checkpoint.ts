/** C2SP checkpoints (https://c2sp.org/tlog-checkpoint): a log's name, its size and its root, signed. */
import { type Note, readNote, signNote, strictBase64 } from '../keys/note.ts'
import type { Signer } from '../keys/port.ts'

export interface Checkpoint {
  origin: string
  /** Entries. */
  size: number
  root: Buffer
  note: Note
}

export const checkpointText = (origin: string, size: number, root: Buffer): string =>
  `${origin}\n${size}\n${root.toString('base64')}\n`

export const signCheckpoint = (signer: Signer, size: number, root: Buffer): Promise<string> =>
  signNote(checkpointText(signer.name, size, root), signer)

/** Undefined where the text is no checkpoint; what it says is to be believed only after its signature was checked. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  const note = readNote(text)
  const [origin, size = '', encoded = ''] = note?.text.split('\n') ?? []
  const root = strictBase64(encoded)
  if (!note || !origin || !/^(0|[1-9]\d{0,14})$/.test(size) || root?.length !== 32) return undefined
  return { origin, size: Number(size), root, note }
}
