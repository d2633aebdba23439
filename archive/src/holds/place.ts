import { randomBytes } from 'node:crypto'
import type { Actor } from '../access/rules-acts.ts'
import { InputError } from '../errors.ts'
import { writeClosure } from './closures.ts'
import { type HoldDeps, inLog, type Late, mustMay } from './deps.ts'
import { appendEvent } from './events.ts'
import { protects } from './held-by.ts'
import { changeRegister, readRegister } from './register.ts'
import { additions, type Resolved, resolveScopes, union } from './resolve-scopes.ts'
import { mustBeKnown, storedClosures } from './stored-closures.ts'
import { Closure, HoldScope, type RegisteredHold } from './types.ts'

export interface PlaceHold {
  application: string
  matter: string
  authority: string
  issuer?: string | undefined
  reason: string
  /** Reminds; releases nothing. */
  review?: string | undefined
  scope: HoldScope
  by: Actor
}

export interface PlacedHold extends Late {
  hold: RegisteredHold
  /** Tables of which objects are lost: more may belong to the hold, and is found when it is resolved again. */
  incomplete: string[]
}

export function said(text: string, field: string, what: string): string {
  const trimmed = text.trim()
  if (trimmed === '') throw new InputError(what, { [field]: what })
  return trimmed
}

function parseScope(scope: HoldScope): HoldScope {
  const parsed = HoldScope.safeParse(scope)
  if (!parsed.success) throw new InputError('This is no scope of a hold.', { scope: 'Not readable.' })
  return parsed.data
}

async function mustBeApplication({ loadModel }: HoldDeps, application: string): Promise<void> {
  if (!/^[a-z][a-z0-9_]*$/.test(application)) throw new InputError('This is not a name of an application.')
  await loadModel(application)
}

const rowsOf = (tables: Closure['tables']) =>
  Object.values(tables).reduce((sum, keys) => sum + (keys === 'all' ? 0 : keys.length), 0)

/** Bars what no run has decided yet. That the hold stands is certain by then; what could not be looked at is told. */
async function bar(deps: HoldDeps, hold: RegisteredHold, register: number, closures: Closure[]): Promise<Late> {
  const none: Late = { late: [], unchecked: [] }
  return (
    (await deps.bar?.({ application: hold.application, hold: hold.id, register, covers: protects(closures) })) ?? none
  )
}

/**
 * Places a hold, at once, by one person: it stands once the register has it. Throws NotFoundError where they may not, InputError where the
 * scope is none of the application, OperatorError where what it protects cannot be found out or written; then nothing was placed, unless
 * listHolds has it.
 */
export async function placeHold(deps: HoldDeps, placing: PlaceHold): Promise<PlacedHold> {
  const { store, clock } = deps
  const { application, issuer, review, by } = placing
  const { actor, signed } = await mustMay(deps, by, ['manage-holds'], 'place a hold')
  const matter = said(placing.matter, 'matter', 'Say in which matter.')
  const authority = said(placing.authority, 'authority', 'Say who ordered it.')
  const reason = said(placing.reason, 'reason', 'Say why.')
  if (review !== undefined && Number.isNaN(Date.parse(review)))
    throw new InputError('The review date is a day, as 2027-06-30.', { review: 'A day, as 2027-06-30.' })
  const scope = parseScope(placing.scope)
  await mustBeApplication(deps, application)
  const id = `H-${randomBytes(6).toString('hex')}`
  const opening = {
    action: 'hold' as const,
    actor,
    subject: { act: 'place', hold: id, application, scope: scope.kind },
    typed: { matter, authority, reason, ...(issuer ? { issuer } : {}) },
  }
  return inLog(deps, opening, async (detail) => {
    const resolved = await resolveScopes(deps, application, [scope])
    const closure = closureOf(id, 1, application, resolved, clock())
    const named = await writeClosure(store, closure)
    await appendEvent(store, id, () => ({
      kind: 'placed',
      application,
      matter,
      authority,
      ...(issuer ? { issuer } : {}),
      reason,
      ...(review !== undefined && { review }),
      scope,
      signed,
    }))
    const hold: RegisteredHold = { id, application, placed: signed.at, state: 'standing', closures: [named] }
    const { register } = await changeRegister(store, ({ holds }) =>
      holds.some((each) => each.id === id) ? undefined : [...holds, hold],
    )
    Object.assign(detail, { register: register.version, closure: named.sha256, rows: rowsOf(closure.tables) })
    const told = await bar(deps, hold, register.version, [closure])
    Object.assign(detail, { late: told.late.length, unchecked: told.unchecked.length })
    return { hold, ...told, incomplete: resolved.incomplete }
  })
}

const closureOf = (hold: string, revision: number, application: string, resolved: Resolved, now: Date) =>
  Closure.parse({
    hold,
    revision,
    application,
    catalog: resolved.catalog,
    at: now.toISOString(),
    tables: resolved.tables,
  })

/** Lets a standing hold protect more; what it protected it goes on protecting. Throws as placeHold does. */
export async function widenHold(
  deps: HoldDeps,
  { hold: id, ...widening }: { hold: string; scope: HoldScope; reason: string; by: Actor },
): Promise<PlacedHold> {
  const { actor, signed } = await mustMay(deps, widening.by, ['manage-holds'], 'widen a hold')
  const reason = said(widening.reason, 'reason', 'Say why.')
  const scope = parseScope(widening.scope)
  const { application } = mustBeStanding(await mustBeKnown(deps.store, id))
  const subject = { act: 'widen', hold: id, application, scope: scope.kind }
  return inLog(deps, { action: 'hold', actor, subject, typed: { reason } }, async (detail) => {
    const resolved = await resolveScopes(deps, application, [scope])
    await appendEvent(deps.store, id, (events) => {
      if (events.at(-1)?.kind === 'released') throw released(id)
      return { kind: 'widened', scope, reason, signed }
    })
    const { hold, register, added } = await addToClosure(deps, id, resolved)
    Object.assign(detail, { register, rows: rowsOf(resolved.tables) })
    const closures = added ? [added] : []
    const told = closures.length > 0 ? await bar(deps, hold, register, closures) : { late: [], unchecked: [] }
    Object.assign(detail, { late: told.late.length, unchecked: told.unchecked.length })
    return { hold, ...told, incomplete: resolved.incomplete }
  })
}

/** Bars once more what a hold covers, after its placing was interrupted or could not look at every run. */
export async function barAgain(deps: HoldDeps, { hold: id, by }: { hold: string; by: Actor }): Promise<Late> {
  const { actor } = await mustMay(deps, by, ['manage-holds'], 'look at what a hold came too late for')
  const { register } = await readRegister(deps.store)
  const hold = mustBeStanding(await mustBeKnown(deps.store, id))
  const subject = { act: 'look', hold: id, application: hold.application }
  return inLog(deps, { action: 'hold', actor, subject }, async (detail) => {
    const told = await bar(deps, hold, register.version, await storedClosures(deps.store, hold))
    Object.assign(detail, { late: told.late.length, unchecked: told.unchecked.length })
    return told
  })
}

const released = (id: string) => new InputError(`The hold ${id} was released. Place another one.`)

export function mustBeStanding(hold: RegisteredHold): RegisteredHold {
  if (hold.state === 'released') throw released(hold.id)
  return hold
}

const MOST_TRIES = 20

/** Writes what is new as the next revision, and lets the register name it. Nothing is written where nothing is new. */
export async function addToClosure(
  { store, clock }: Pick<HoldDeps, 'store' | 'clock'>,
  id: string,
  resolved: Resolved,
): Promise<{ hold: RegisteredHold; register: number; added?: Closure }> {
  for (let tries = 1; ; tries++) {
    const { register } = await readRegister(store)
    const hold = await mustBeKnown(store, id)
    const before = (await storedClosures(store, hold)).reduce<Closure['tables']>(
      (tables, closure) => union(tables, closure.tables),
      {},
    )
    const tables = additions(before, resolved.tables)
    if (Object.keys(tables).length === 0) return { hold, register: register.version }
    const revision = hold.closures.length + 1
    const added = closureOf(id, revision, hold.application, { ...resolved, tables }, clock())
    const named = await writeClosure(store, added)
    const changed = await changeRegister(store, ({ holds }) =>
      holds.some((each) => each.id === id && each.closures.length === revision - 1)
        ? holds.map((each) => (each.id === id ? { ...each, closures: [...each.closures, named] } : each))
        : undefined,
    )
    const now = changed.register.holds.find((each) => each.id === id)
    if (now?.closures[revision - 1]?.sha256 === named.sha256)
      return { hold: now, register: changed.register.version, added }
    if (tries >= MOST_TRIES)
      throw new InputError('Others change this hold all the time. Try again in a moment; nothing of this was added.')
  }
}
