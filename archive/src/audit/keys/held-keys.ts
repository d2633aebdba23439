import type { Secrets } from './port.ts'

/**
 * Keys that are written with are held for their day or month: only what has ended can be forgotten, so nothing is written with a key
 * that was. What reads the log asks for them anew.
 */
export function withKeysHeld(secrets: Secrets): Secrets {
  const held = new Map<string, { period: string; key: Buffer }>()
  return {
    ...secrets,
    async key(period) {
      const kind = period.length === 'yyyy-mm'.length ? 'month' : 'day'
      const known = held.get(kind)
      if (known?.period === period) return known.key
      const key = await secrets.key(period)
      held.set(kind, { period, key })
      return key
    },
  }
}
