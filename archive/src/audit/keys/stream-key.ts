import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { OperatorError } from '../../errors.ts'
import { createPrivate, readPrivate } from '../../private-files.ts'
import type { StreamKey } from './port.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const KeyFile = z.strictObject({ key: hash, found: z.array(hash) })
const fileIn = (folder: string) => join(folder, 'streams.json')

export function streamKeyOf(key: Buffer, found: Iterable<string> = []): StreamKey {
  const id = createHash('sha256').update('muniment audit log: key of streams\n').update(key).digest('hex').slice(0, 8)
  const before = new Set(found)
  return {
    id,
    mac: async (text) => createHmac('sha256', key).update(text).digest(),
    wasFound: (object) => before.has(object),
  }
}

/** As an object of a stream carries it: the key's id and the MAC. */
export const markOf = async (key: StreamKey, text: string): Promise<string> =>
  `${key.id}.${(await key.mac(text)).toString('base64url')}`

export async function isMark(key: StreamKey, mark: string, text: string): Promise<boolean> {
  const [made, given] = [Buffer.from(await markOf(key, text)), Buffer.from(mark)]
  return made.length === given.length && timingSafeEqual(made, given)
}

/** `place`: where it was found, for the operator. */
export function readStreamKey(place: string, content: Buffer): StreamKey {
  try {
    const { key, found } = KeyFile.parse(JSON.parse(content.toString()))
    return streamKeyOf(Buffer.from(key, 'hex'), found)
  } catch (cause) {
    throw new OperatorError(`${place} is no key of the log's streams. Put the file back from its copy.`, { cause })
  }
}

export const streamKeyText = (key: Buffer, found: string[]): string =>
  `${JSON.stringify({ key: key.toString('hex'), found })}\n`

/** Undefined where none was made yet. */
export async function findFileStreamKey(folder: string): Promise<StreamKey | undefined> {
  const there = await readPrivate(fileIn(folder))
  return there && readStreamKey(fileIn(folder), there)
}

/** Made with `make`'s bytes where there is none yet; two processes that start at once get the same. */
export async function openFileStreamKey(
  folder: string,
  make: () => Buffer,
  found: () => Promise<string[]>,
): Promise<StreamKey> {
  const there = await findFileStreamKey(folder)
  if (there) return there
  return readStreamKey(fileIn(folder), await createPrivate(fileIn(folder), streamKeyText(make(), await found())))
}
