import { z } from 'zod'
import { canonicalJson, sha256Hex } from '../canonical.ts'
import { entryBytes, StreamEntry } from '../entries.ts'
import { LogDamageError } from '../errors.ts'
import { dayOfStream, objectKey, registrationKey, streamPattern } from '../paths.ts'

export const FORMAT = 1

const Registration = z.strictObject({
  format: z.literal(FORMAT),
  stream: z.string().regex(streamPattern),
  at: z.iso.datetime(),
  process: z.string(),
})
const StreamFile = z.strictObject({
  format: z.literal(FORMAT),
  stream: z.string(),
  sequence: z.int().positive(),
  /** sha-256 of the object before it, of the registration in the first. */
  previous: z.string(),
  entries: z.array(StreamEntry).min(1),
  /** Of the text without it, by the key of streams; absent in logs of older versions. */
  mac: z
    .string()
    .regex(/^[0-9a-f]{8}\.[\w-]{43}$/)
    .optional(),
})

/** An object of a stream as it was read. */
export interface StreamObject {
  key: string
  /** sha-256 of the file. */
  hash: string
  previous: string
  mac?: string
  /** What the MAC is of. */
  unmarked(): string
  entries: { entry: StreamEntry; bytes: Buffer }[]
}

export const registrationText = (stream: string, at: Date, process: string): string =>
  canonicalJson({ format: FORMAT, stream, at: at.toISOString(), process })

/** Canonical JSON of the object out of its entries' texts, which are the same bytes that the tree is made of. */
export const objectText = (
  stream: string,
  sequence: number,
  previous: string,
  entries: readonly string[],
  mac?: string,
): string =>
  `{"entries":[${entries.join(',')}],"format":${FORMAT},${mac === undefined ? '' : `"mac":"${mac}",`}` +
  `"previous":"${previous}","sequence":${sequence},"stream":"${stream}"}`

/** The value of a canonical JSON file; throws LogDamageError where it is none. */
export function readFileAs<T>(key: string, body: Buffer, schema: z.ZodType<T>, entry?: number): T {
  try {
    return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)))
  } catch (error) {
    throw new LogDamageError(key, 'the file is not what the log writes; it was altered or is not whole.', entry, {
      cause: error,
    })
  }
}

/** Throws LogDamageError where the file is not what its key says. `first`: number of its first entry in the tree, for the message. */
export function readObject(stream: string, sequence: number, body: Buffer, first?: number): StreamObject {
  const key = objectKey(stream, sequence)
  const file = readFileAs(key, body, StreamFile, first)
  if (file.stream !== stream || file.sequence !== sequence)
    throw new LogDamageError(key, 'the file says that it is another object of the log; it was moved or copied.', first)
  const entries = file.entries.map((entry) => ({ entry, bytes: entryBytes(entry) }))
  const { previous, mac } = file
  const text = (mark?: string) => {
    const texts = entries.map(({ bytes }) => bytes.toString())
    return objectText(stream, sequence, previous, texts, mark)
  }
  if (!body.equals(Buffer.from(text(mac))))
    throw new LogDamageError(key, 'the file is not written as the log writes (canonical JSON); it was altered.', first)
  return { key, hash: sha256Hex(body), previous, ...(mac !== undefined && { mac }), unmarked: () => text(), entries }
}

/** Hash of a stream's registration, what its first object goes on from. */
export function readRegistration(stream: string, body: Buffer): string {
  const key = registrationKey(stream)
  const file = readFileAs(key, body, Registration)
  if (file.stream !== stream || canonicalJson(file) !== body.toString() || dayOfStream(stream) !== file.at.slice(0, 10))
    throw new LogDamageError(key, 'the file says that it is of another stream; it was altered, moved or copied.')
  return sha256Hex(body)
}
