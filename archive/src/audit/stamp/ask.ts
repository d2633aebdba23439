import { InputError } from '../../errors.ts'
import { isLoopback } from '../../identity/settings.ts'
import { TimeStampError } from '../errors.ts'
import { timeStampRequest } from './request.ts'

/** Bytes of a reply at most: one with a chain of certificates has some thousands. */
const LARGEST = 256 * 1024

/** Throws InputError for what is no https address, or of plain http no loopback one. */
export function readAuthorityAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))) return url.href
  throw new InputError(`"${text}" is no address of a time-stamp authority: give one that begins with https://.`)
}

/** Asks for a time stamp of these bytes. Throws TimeStampError where no reply comes within `timeout` milliseconds, or before `signal`. */
export async function askTimeStamp(
  address: string,
  data: Buffer,
  { timeout = 10_000, signal }: { timeout?: number; signal?: AbortSignal } = {},
): Promise<{ reply: Buffer; nonce: Buffer }> {
  const { body, nonce } = timeStampRequest(data)
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: new Uint8Array(body),
      // What is asked elsewhere was not configured.
      redirect: 'error',
      signal: AbortSignal.any([AbortSignal.timeout(timeout), ...(signal ? [signal] : [])]),
    })
    const reply = await readBody(response)
    if (!response.ok) throw new TimeStampError(`The authority answered with status ${response.status}.`)
    return { reply, nonce }
  } catch (cause) {
    if (cause instanceof TimeStampError) throw cause
    const name = cause instanceof Error ? cause.name : ''
    throw new TimeStampError(
      name === 'TimeoutError'
        ? `The authority did not answer within ${timeout / 1000} s.`
        : name === 'AbortError'
          ? 'The authority had not answered yet.'
          : 'The authority cannot be reached.',
      { cause },
    )
  }
}

async function readBody({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    const bytes = chunk as Uint8Array
    size += bytes.length
    if (size > LARGEST) throw new TimeStampError('The authority answered with more than a time stamp can be.')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}
