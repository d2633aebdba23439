import { join } from 'node:path'
import { OperatorError } from './errors.ts'
import { createClientStore } from './home/client-store.ts'
import { askOwner } from './home/control-client.ts'
import { listenForControl } from './home/control-server.ts'
import { type OwnerLock, sweepTemporary, takeOwnerLock } from './home/owner-lock.ts'
import { prepareHome } from './home/prepare.ts'
import { openFileStore } from './store/file-store.ts'
import type { ObjectStore } from './store/port.ts'

export interface HomeOptions {
  /**
   * `owner`: this process must be the one that replaces objects; `client`: it asks the owner to; `auto` (the default):
   * owner when nobody is, else client.
   */
  mode?: 'owner' | 'client' | 'auto'
  /** Milliseconds a client waits for an owner that takes no requests to end. */
  patience?: number
}

/** An open data folder. */
export interface Home {
  /** Absolute and free of links. */
  path: string
  /** `.work` in it: temporary files, staging, locks; no records. */
  work: string
  store: ObjectStore
  /** Whether this process holds the owner's lock; a client may become the owner when the owner has ended. */
  isOwner(): boolean
  /** Tells whoever listens, in the owner's process, that an object was created or changed. Never fails. */
  announce(key: string): Promise<void>
  /** Calls `listener` for every key announced here, and as owner for those of clients; gives what ends it. */
  onChange(listener: (key: string) => void): () => void
  close(): Promise<void>
}

interface Opened {
  path: string
  /** Shared, because replaces take turns within it. */
  files: ObjectStore
  lock: OwnerLock | undefined
  listeners: Set<(key: string) => void>
  uses: number
}

/** Data folders that this process has open: its lock is one for the process, so those who open a folder again share it. */
const opened = new Map<string, Opened>()

function share(path: string): Opened {
  const shared = opened.get(path) ?? {
    path,
    files: openFileStore(path),
    lock: undefined,
    listeners: new Set(),
    uses: 0,
  }
  opened.set(path, shared)
  shared.uses++
  return shared
}

let turn: Promise<unknown> = Promise.resolve()

/** True once this process is the owner, else who is. */
function takeOver(shared: Opened, work: string): Promise<true | string> {
  const mine = turn.then(async () => {
    if (shared.lock) return true
    const taken = await takeOwnerLock(work)
    if ('holder' in taken) return taken.holder
    shared.lock = taken.lock
    await sweepTemporary(join(work, 'tmp'))
    return true
  })
  turn = mine.catch(() => {})
  return mine
}

function leave(shared: Opened) {
  shared.uses--
  if (shared.uses > 0) return
  opened.delete(shared.path)
  shared.lock?.release()
  shared.lock = undefined
}

/** Opens the data folder at `path`, making it where it is not there. Throws OperatorError in sentences for the operator. */
export async function openHome(path: string, { mode = 'auto', patience = 10_000 }: HomeOptions = {}): Promise<Home> {
  const home = await prepareHome(path)
  const work = join(home, '.work')
  const shared = share(home)
  const { files } = shared
  try {
    const holder = mode === 'client' ? '' : await takeOver(shared, work)
    if (mode === 'owner' && holder !== true)
      throw new OperatorError(
        `The data folder ${home} is in use by ${holder}. Stop that first, or set MUNIMENT_HOME to another folder.`,
      )
  } catch (error) {
    leave(shared)
    throw error
  }
  const client = createClientStore({ work, files, patience, takeOver: () => takeOver(shared, work) })
  const isOwner = () => shared.lock !== undefined
  let open = true
  return {
    path: home,
    work,
    store: {
      ...files,
      replace: (...change) => (isOwner() ? files : client).replace(...change),
      replaceFromFile: (...change) => (isOwner() ? files : client).replaceFromFile(...change),
      remove: (...change) => (isOwner() ? files : client).remove(...change),
    },
    isOwner,
    async announce(key) {
      for (const listener of shared.listeners) listener(key)
      if (!isOwner()) await askOwner(work, { op: 'announce', key }, 5_000)
    },
    onChange(listener) {
      shared.listeners.add(listener)
      return () => shared.listeners.delete(listener)
    },
    async close() {
      if (open) leave(shared)
      open = false
    },
  }
}

/**
 * Lets commands in other processes replace and remove through this one, which must be the owner. `onReplace` is called with
 * each key that they changed or announced, after the fact; `tokenFor` gives a token of a sample person.
 */
export async function serveControl(
  home: Home,
  onReplace: (key: string) => void = () => {},
  tokenFor?: (person: string) => Promise<string>,
): Promise<{ close(): Promise<void> }> {
  if (!home.isOwner()) throw new OperatorError(`Only the owner of the data folder ${home.path} takes requests for it.`)
  const forget = home.onChange(onReplace)
  const server = await listenForControl({ ...home, tokenFor })
  return {
    async close() {
      forget()
      await server.close()
    },
  }
}
