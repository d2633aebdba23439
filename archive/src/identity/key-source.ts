import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { IdentityUnavailableError } from './errors.ts'
import { fetchJson } from './fetch-json.ts'

const minuteMs = 60_000
const Keys = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) })

export interface RemoteKeysOptions {
  clock?: () => Date
  /** Milliseconds after which the keys are looked at again, in the background. */
  freshMs?: number
  /** Milliseconds for which keys go on being used while the provider does not answer. */
  keptMs?: number
  /** Milliseconds between two requests to the provider, whatever is asked of us. */
  cooldownMs?: number
  timeoutMs?: number
  maxBytes?: number
}

/**
 * A provider's keys. An unknown key id asks the provider once a cooldown, so that rotated keys are accepted soon and a flood of
 * unknown ones does not reach it. Throws IdentityUnavailableError where there are no keys to go by.
 */
export function remoteKeys(uri: string, options: RemoteKeysOptions = {}): JWTVerifyGetKey {
  const { clock = () => new Date(), freshMs = 10 * minuteMs, keptMs = 24 * 60 * minuteMs } = options
  const { cooldownMs = minuteMs / 2, timeoutMs = 5_000, maxBytes = 256 * 1024 } = options
  let held: { find: JWTVerifyGetKey; at: number } | undefined
  let asked = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined
  const now = () => clock().getTime()
  const mayAsk = () => asking !== undefined || now() - asked >= cooldownMs

  async function load(): Promise<void> {
    asked = now()
    const found = Keys.parse(await fetchJson(uri, { timeoutMs, maxBytes }))
    held = { find: createLocalJWKSet(found as JSONWebKeySet), at: now() }
  }

  function ask(): Promise<void> {
    asking ??= load().finally(() => {
      asking = undefined
    })
    return asking
  }

  /** Those held go on where the provider does not answer. */
  const tryAsk = () => ask().catch(() => {})

  async function current(): Promise<JWTVerifyGetKey> {
    const age = held ? now() - held.at : Number.POSITIVE_INFINITY
    if (held && age <= keptMs) {
      if (age > freshMs && mayAsk()) void tryAsk()
      return held.find
    }
    if (!mayAsk()) throw new IdentityUnavailableError('The sign-in provider gave no keys; it is asked again soon.')
    try {
      await ask()
    } catch (cause) {
      throw new IdentityUnavailableError('The sign-in provider gives no keys.', { cause })
    }
    return current()
  }

  return async (header, token) => {
    const find = await current()
    try {
      return await find(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !mayAsk()) throw error
      await tryAsk()
      return (await current())(header, token)
    }
  }
}
