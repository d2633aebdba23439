import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { linkSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { OperatorError } from '../../errors.ts'
import { createPrivate, readPrivate } from '../../private-files.ts'
import { discard, syncFolder } from '../../store/durable.ts'
import { codeOf, fileError } from '../../store/file-errors.ts'
import { verifierLine } from './note.ts'
import type { Signer } from './port.ts'

const KeyFile = z.strictObject({ name: z.string().regex(/^[^\s+]+$/u), privateKey: z.string() })
const fileOf = (number: number) => `signing-${String(number).padStart(4, '0')}.json`
const pendingOf = (number: number) => `${fileOf(number)}.next`

/** Keys `signing-0001.json` and on in `folder`, the highest in force; a `.next` one is announced and not yet in force. */
async function numbersIn(folder: string): Promise<number[]> {
  try {
    const names = await readdir(folder)
    return names
      .flatMap((name) => /^signing-(\d{4})\.json$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw fileError(error, folder)
  }
}

function newKey(name: string): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  return `${JSON.stringify({ name, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) }, null, 2)}\n`
}

function signerOf(file: string, content: Buffer): Signer {
  try {
    const { name, privateKey } = KeyFile.parse(JSON.parse(content.toString()))
    const key = createPrivateKey(privateKey)
    const { x } = createPublicKey(key).export({ format: 'jwk' })
    if (key.asymmetricKeyType !== 'ed25519' || x === undefined) throw new TypeError('The key is no Ed25519 key.')
    return { name, publicKey: Buffer.from(x, 'base64url'), sign: async (bytes) => sign(null, bytes, key) }
  } catch (error) {
    throw new OperatorError(`${file} is no signing key of the log. Put the file back from its copy.`, { cause: error })
  }
}

async function existing(folder: string, name: string): Promise<Signer | undefined> {
  const content = await readPrivate(join(folder, name))
  return content && signerOf(join(folder, name), content)
}

/** The key in force, made with the log's name when there is none yet; two processes that start at once get the same. */
export async function openFileSigner(folder: string): Promise<Signer> {
  const newest = (await numbersIn(folder)).at(-1)
  const there = newest === undefined ? undefined : await existing(folder, fileOf(newest))
  if (there) return there
  const name = `muniment/${randomBytes(8).toString('hex')}`
  const first = join(folder, fileOf(1))
  return signerOf(first, await createPrivate(first, newKey(name)))
}

/** All keys that ever were in force here, oldest first, as verifier lines. */
export async function verifierLinesIn(folder: string): Promise<string[]> {
  const lines: string[] = []
  for (const number of await numbersIn(folder)) {
    const signer = await existing(folder, fileOf(number))
    if (signer) lines.push(verifierLine(signer))
  }
  return lines
}

export interface Rotation {
  old: Signer
  next: Signer
  /** Puts the next key in force. */
  activate(): Promise<void>
}

/** A next key beside the one in force, the same one again where an earlier rotation did not end. */
export async function beginRotation(folder: string): Promise<Rotation> {
  const old = await openFileSigner(folder)
  const number = ((await numbersIn(folder)).at(-1) ?? 0) + 1
  const pending = join(folder, pendingOf(number))
  const next = signerOf(pending, await createPrivate(pending, newKey(old.name)))
  return {
    old,
    next,
    async activate() {
      try {
        linkSync(pending, join(folder, fileOf(number)))
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw fileError(error, join(folder, fileOf(number)))
      }
      await discard(pending)
      await syncFolder(folder)
    },
  }
}
