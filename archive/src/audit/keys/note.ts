/** C2SP signed notes with Ed25519 (https://c2sp.org/signed-note). */
import { createPublicKey, verify } from 'node:crypto'
import { sha256 } from '../canonical.ts'
import type { Signer } from './port.ts'

const ED25519 = Buffer.from([1])

export interface Verifier {
  name: string
  /** Hexadecimal, 8 digits. */
  id: string
  publicKey: Buffer
}

export interface Note {
  /** With its last line feed: what was signed. */
  text: string
  signatures: { name: string; id: string; signature: Buffer }[]
}

export const keyId = (name: string, publicKey: Buffer): string =>
  sha256(Buffer.concat([Buffer.from(`${name}\n`), ED25519, publicKey]))
    .subarray(0, 4)
    .toString('hex')

/** `name+id+key`, as signed notes name a public key: one line to hand to whoever checks. */
export const verifierLine = ({ name, publicKey }: Pick<Signer, 'name' | 'publicKey'>): string =>
  `${name}+${keyId(name, publicKey)}+${Buffer.concat([ED25519, publicKey]).toString('base64')}`

/** Undefined where the line is no Ed25519 key of a signed note. */
export function readVerifierLine(line: string): Verifier | undefined {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([\w+/]+=*)$/.exec(line) ?? []
  const key = strictBase64(encoded ?? '')
  if (!name || !key || key.length !== 33 || key[0] !== 1) return undefined
  const publicKey = key.subarray(1)
  return keyId(name, publicKey) === id ? { name, id, publicKey } : undefined
}

export async function signNote(text: string, signer: Signer): Promise<string> {
  const signature = await signer.sign(Buffer.from(text))
  const blob = Buffer.concat([Buffer.from(keyId(signer.name, signer.publicKey), 'hex'), signature])
  return `${text}\n— ${signer.name} ${blob.toString('base64')}\n`
}

/** Undefined where the text is no signed note; nothing of it is to be believed before a signature was checked. */
export function readNote(note: string): Note | undefined {
  const end = note.lastIndexOf('\n\n')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a note must not hold
  if (end < 0 || /[\u0000-\u0009\u000b-\u001f]/.test(note) || !note.endsWith('\n')) return undefined
  const lines = note.slice(end + 2, -1).split('\n')
  if (lines.length > 100) return undefined
  const signatures = lines.map((line) => {
    const [, name = '', encoded = ''] = /^— ([^\s+]+) (\S+)$/u.exec(line) ?? []
    const blob = strictBase64(encoded)
    if (name === '' || !blob || blob.length < 5) return undefined
    return { name, id: blob.subarray(0, 4).toString('hex'), signature: blob.subarray(4) }
  })
  const read = signatures.filter((signature) => signature !== undefined)
  return read.length === lines.length ? { text: note.slice(0, end + 1), signatures: read } : undefined
}

export function isSignature(bytes: Buffer | string, signature: Buffer, publicKey: Buffer): boolean {
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') },
    format: 'jwk',
  })
  return verify(null, Buffer.from(bytes), key, signature)
}

/** The known keys whose signature on the note is good; undefined where one of a known key is bad, which spoils the note. */
export function signersOf(note: Note, known: readonly Verifier[]): Verifier[] | undefined {
  const good: Verifier[] = []
  for (const { name, id, signature } of note.signatures) {
    const verifier = known.find((one) => one.name === name && one.id === id)
    if (!verifier) continue
    if (!isSignature(note.text, signature, verifier.publicKey)) return undefined
    good.push(verifier)
  }
  return good
}

/** Node reads base64 leniently; two texts for the same bytes would let a file change unnoticed. */
export function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}
