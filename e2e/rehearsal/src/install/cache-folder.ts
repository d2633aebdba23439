import { join } from 'node:path'

export const checkout = join(import.meta.dirname, '..', '..', '..', '..')

/** Where the stand-ins are kept once they were fetched; `MUNIMENT_REHEARSAL_CACHE` names another place. */
export function cacheFolder(): string {
  return process.env.MUNIMENT_REHEARSAL_CACHE || join(checkout, '.work', 'rehearsal')
}
