import { OperatorError } from '../errors.ts'
import { holdEventKey, holdPrefix } from '../layout.ts'
import { ConflictError } from '../store/errors.ts'
import type { ObjectStore } from '../store/port.ts'
import { HoldEvent, type HoldScope } from './types.ts'

const MOST_TRIES = 20

const unreadable = (key: string, what: string, options: ErrorOptions = {}) =>
  new OperatorError(
    `${key} ${what}. The hold stands as the register says. The operator must restore holds/ from a copy of the bucket.`,
    options,
  )

/** All that was said of a hold, oldest first; none where there is no such hold. Throws OperatorError where one is missing or cannot be read. */
export async function readEvents(store: ObjectStore, hold: string): Promise<HoldEvent[]> {
  const names: string[] = []
  for await (const name of store.names(holdPrefix(hold))) if (name.startsWith('event-')) names.push(name)
  const events: HoldEvent[] = []
  for (const name of names.sort()) {
    const key = holdEventKey(hold, events.length + 1)
    if (`${holdPrefix(hold)}${name}` !== key) throw unreadable(key, 'is missing')
    const object = await store.get(key)
    if (!object) throw unreadable(key, 'is missing')
    try {
      events.push(HoldEvent.parse(JSON.parse(object.body.toString())))
    } catch (cause) {
      throw unreadable(key, 'cannot be read', { cause })
    }
  }
  if (events.some(({ kind }, index) => (kind === 'placed') !== (index === 0)))
    throw unreadable(holdEventKey(hold, 1), 'does not say how the hold was placed')
  return events
}

/** Appends what `next` makes of all that was said before; it is asked again, and may throw, where somebody else said something first. */
export async function appendEvent(
  store: ObjectStore,
  hold: string,
  next: (events: readonly HoldEvent[]) => HoldEvent,
): Promise<HoldEvent[]> {
  for (let tries = 1; ; tries++) {
    const events = await readEvents(store, hold)
    const event = HoldEvent.parse(next(events))
    try {
      await store.create(holdEventKey(hold, events.length + 1), `${JSON.stringify(event, null, 2)}\n`)
      return [...events, event]
    } catch (error) {
      if (!(error instanceof ConflictError) || tries >= MOST_TRIES) throw error
    }
  }
}

export const scopesOf = (events: readonly HoldEvent[]): HoldScope[] =>
  events.flatMap((event) => (event.kind === 'placed' || event.kind === 'widened' ? [event.scope] : []))

/** The proposal to release that waits for a second person. One made before the hold was widened is void: it meant less. */
export function openRelease(
  events: readonly HoldEvent[],
): Extract<HoldEvent, { kind: 'release-proposed' }> | undefined {
  let open: Extract<HoldEvent, { kind: 'release-proposed' }> | undefined
  for (const event of events) {
    if (event.kind === 'release-proposed') open = event
    else if (event.kind !== 'reviewed') open = undefined
  }
  return open
}
