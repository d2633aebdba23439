import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '@muniment/archive/errors'
import { createPrivate, privateFolder, readPrivate } from '@muniment/archive/private-files'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose'
import { z } from 'zod'

export const SIGNING_ALGORITHM = 'ES256'

/** Days after which a server that starts signs with a new key; the one before goes on verifying. */
const ROTATE_DAYS = 90
const VERIFYING_KEYS = 2

const PrivateKey = z.looseObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
  kid: z.string(),
})
const CookieKeys = z.array(z.string().min(32)).min(1)

export interface ProviderKeys {
  /** Private, the one that signs first. */
  signing: (JWK & { kid: string })[]
  verifying: JSONWebKeySet
  /** Sign the provider's cookies. */
  cookies: string[]
}

/** The provider's keys below `folder`, each a file that is created once and never changed. */
export async function providerKeys(folder: string, now: Date): Promise<ProviderKeys> {
  await privateFolder(folder)
  const names = await keyFiles(folder)
  const newest = names[0]
  if (newest === undefined || now.getTime() - madeAt(newest) > ROTATE_DAYS * 86_400_000) await makeKey(folder, now)
  const signing = await Promise.all((await keyFiles(folder)).slice(0, VERIFYING_KEYS).map((name) => read(folder, name)))
  return {
    signing,
    verifying: { keys: signing.map(({ kty, crv, x, y, kid }) => ({ kty, crv, x, y, kid, use: 'sig' }) as JWK) },
    cookies: await cookieKeys(folder),
  }
}

/** Newest first: their names begin with when they were made. */
const keyFiles = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => /^key-\d{13}-[\w-]+\.json$/.test(name)).sort((a, b) => (a < b ? 1 : -1))

const madeAt = (name: string): number => Number(name.slice(4, 17))

async function makeKey(folder: string, now: Date): Promise<void> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true })
  const jwk = await exportJWK(privateKey)
  const kid = (await calculateJwkThumbprint(jwk)).slice(0, 16)
  const file = join(folder, `key-${String(now.getTime()).padStart(13, '0')}-${kid}.json`)
  await createPrivate(file, `${JSON.stringify({ ...jwk, kid, use: 'sig', alg: SIGNING_ALGORITHM })}\n`)
}

async function read(folder: string, name: string): Promise<JWK & { kid: string }> {
  const file = join(folder, name)
  const kept = await readPrivate(file)
  try {
    return PrivateKey.parse(JSON.parse(kept?.toString('utf8') ?? ''))
  } catch (cause) {
    throw new OperatorError(`The key ${file} cannot be read. Remove it: who is signed in has to sign in again.`, {
      cause,
    })
  }
}

async function cookieKeys(folder: string): Promise<string[]> {
  const file = join(folder, 'cookies.json')
  const kept = await createPrivate(file, `${JSON.stringify([randomBytes(32).toString('base64url')])}\n`)
  try {
    return CookieKeys.parse(JSON.parse(kept.toString('utf8')))
  } catch (cause) {
    throw new OperatorError(`${file} cannot be read. Remove it: who is signed in has to sign in again.`, { cause })
  }
}
