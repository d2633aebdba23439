import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'

/** The same claims, by the pool's own key, as they were when the token had run out: MiniStack keeps that key where we can read it. */
export async function expired(token: string, folder: string, pool: string): Promise<string> {
  const key = createPrivateKey(
    readFileSync(join(folder, 'ministack', 'state', 'cognito-pool-keys', `${pool}-access.pem`), 'utf8'),
  )
  const hourAgo = Math.floor(Date.now() / 1_000) - 3_600
  return new SignJWT({ ...decodeJwt(token), iat: hourAgo, auth_time: hourAgo, exp: hourAgo + 600 })
    .setProtectedHeader({ ...decodeProtectedHeader(token), alg: 'RS256' })
    .sign(key)
}

export function withBrokenSignature(token: string): string {
  const at = token.lastIndexOf('.') + 10
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
}
