import { randomBytes } from 'node:crypto'
import { NotFoundError } from '@muniment/archive/errors'
import type { Person } from '@muniment/archive/identity/port'
import { ConflictError } from '@muniment/archive/store/errors'
import type { ObjectStore } from '@muniment/archive/store/port'
import { ProblemError } from '../errors.ts'
import { exportFilePrefix } from '../shared/keys.ts'

/** A browser may try again what broke off. */
const mostUses = 3
const tries = 10

/** Who was given an address, and how often it was used: results/<search>/exports/<export>/addresses/<use>.json. */
interface AddressUse {
  /** As the token carried them; what they may is asked anew. */
  groups: string[]
  fetched: number
}

const keyOf = (exported: string, use: string) => `${exportFilePrefix(exported)}addresses/${use}.json`

export async function openAddress(store: ObjectStore, exported: string, { groups }: Person): Promise<string> {
  const use = randomBytes(16).toString('hex')
  const opened: AddressUse = { groups, fetched: 0 }
  await store.create(keyOf(exported, use), JSON.stringify(opened))
  return use
}

async function read(store: ObjectStore, key: string): Promise<{ use: AddressUse; etag: string }> {
  const object = await store.get(key)
  if (!object) throw new NotFoundError()
  const use: AddressUse = JSON.parse(object.body.toString('utf8'))
  if (use.fetched >= mostUses)
    throw new ProblemError('no-longer-kept', 'This address of a file was used up. Ask for the file again.')
  return { use, etag: object.etag }
}

/** Groups of whoever an address was made for. Throws ProblemError for one that was used up, NotFoundError for one that was swept. */
export const groupsOfAddress = async (store: ObjectStore, exported: string, use: string): Promise<string[]> =>
  (await read(store, keyOf(exported, use))).use.groups

/** Takes one of its uses and says which: written on condition, so that several processes together give no more than there are. */
export async function takeAddress(store: ObjectStore, exported: string, use: string): Promise<number> {
  const key = keyOf(exported, use)
  for (let tried = 1; ; tried += 1) {
    const { use: before, etag } = await read(store, key)
    const after: AddressUse = { ...before, fetched: before.fetched + 1 }
    try {
      await store.replace(key, JSON.stringify(after), etag)
      return after.fetched
    } catch (error) {
      if (!(error instanceof ConflictError) || tried === tries) throw error
    }
  }
}
