import { type HoldRecord, listHolds, readHold } from '@muniment/archive/holds/list'
import { type PlacedHold as Placed, placeHold, widenHold } from '@muniment/archive/holds/place'
import { previewScope } from '@muniment/archive/holds/preview'
import { approveRelease, proposeRelease, refuseRelease, reviewHold } from '@muniment/archive/holds/release'
import { scopeSentence } from '@muniment/archive/holds/sentences'
import type { Closure } from '@muniment/archive/holds/types'
import type { Application } from '@muniment/archive/model/types'
import type { Retention } from '@muniment/retention/retention'
import type { AskScope, HoldView, PlacedHold, PlaceHold, ReviewHold, ScopePreview, WidenHold } from '../contract.ts'
import type { Acting } from '../shared/acting.ts'
import { nothingHere } from '../shared/guards.ts'
import type { Services } from '../shared/services.ts'

/** Holds as people place and end them. Whose duty it is was asked before; the archive asks again. */
export function createHolds({ store, clock, templates }: Services, { holds: deps }: Pick<Retention, 'holds'>) {
  const { loadModel } = deps

  const view = async (hold: HoldRecord) => presentHold(hold, await loadModel(hold.application))
  const placed = async ({ hold, late, unchecked, incomplete }: Placed): Promise<PlacedHold> => ({
    hold: await view(await readHold(store, hold.id, clock)),
    late,
    unchecked,
    incomplete,
  })

  /** Holds of an application that the person may not enter are answered as if they were not there. */
  async function known({ rights }: Acting, id: string): Promise<HoldRecord> {
    const hold = await readHold(store, id, clock)
    if (!rights.mayEnter(hold.application) && !rights.has('approve-destruction')) throw nothingHere()
    return hold
  }

  return {
    async list({ rights }: Acting, application?: string): Promise<HoldView[]> {
      const holds = await listHolds(store, application, clock)
      const seen = holds.filter((hold) => rights.mayEnter(hold.application) || rights.has('approve-destruction'))
      return Promise.all(seen.map(view))
    },

    read: async (acting: Acting, id: string): Promise<HoldView> => view(await known(acting, id)),

    async preview({ rights }: Acting, { application, scope }: AskScope): Promise<ScopePreview> {
      const model = await enter(rights, application)
      const { tables, partial, absent } = await previewScope(deps, application, scope, rights.view(model))
      return {
        tables: tables.map(({ table, title, rows, all }) => ({ table, title, rows, all })),
        sentence: scopeSentence(scope, model),
        partial,
        absent,
      }
    },

    async place({ person, rights }: Acting, { application, ...placing }: PlaceHold): Promise<PlacedHold> {
      await enter(rights, application)
      return placed(await placeHold(deps, { application, ...placing, by: person }))
    },

    async widen(acting: Acting, id: string, { scope, reason }: WidenHold): Promise<PlacedHold> {
      await known(acting, id)
      return placed(await widenHold(deps, { hold: id, scope, reason, by: acting.person }))
    },

    async review(acting: Acting, id: string, { review, reason }: ReviewHold): Promise<HoldView> {
      await known(acting, id)
      await reviewHold(deps, { hold: id, review, reason, by: acting.person })
      return view(await readHold(store, id, clock))
    },

    async proposeRelease(acting: Acting, id: string, reason: string): Promise<HoldView> {
      await known(acting, id)
      await proposeRelease(deps, { hold: id, reason, by: acting.person })
      return view(await readHold(store, id, clock))
    },

    async approveRelease(acting: Acting, id: string): Promise<HoldView> {
      await known(acting, id)
      await approveRelease(deps, { hold: id, by: acting.person })
      return view(await readHold(store, id, clock))
    },

    async refuseRelease(acting: Acting, id: string, reason: string): Promise<HoldView> {
      await known(acting, id)
      await refuseRelease(deps, { hold: id, reason, by: acting.person })
      return view(await readHold(store, id, clock))
    },
  }

  async function enter(rights: Acting['rights'], application: string): Promise<Application> {
    if (!rights.mayEnter(application) || !(await templates.list()).includes(application)) throw nothingHere()
    return loadModel(application)
  }
}

export const protects = (tables: Closure['tables'], model: Application): HoldView['protects'] =>
  model.tables.flatMap(({ name, title }) => {
    const keys = tables[name]
    if (keys === undefined) return []
    return [{ table: name, title, rows: keys === 'all' ? 0 : keys.length, all: keys === 'all' }]
  })

const signed = ({ by, at }: { by: string; at: string }) => ({ by, at })

function presentHold(hold: HoldRecord, model: Application): HoldView {
  const { id, application, state, matter, authority, issuer, reason, review, reviewOverdue, release, history } = hold
  const first = history[0]?.signed
  const end = history.find((event) => event.kind === 'released')?.signed
  return {
    id,
    application,
    state,
    placed: first ? signed(first) : { by: '', at: hold.placed },
    ...(hold.released !== undefined && { released: { by: end?.by ?? '', at: hold.released } }),
    matter,
    authority,
    ...(issuer !== undefined && { issuer }),
    reason,
    ...(review !== undefined && { review }),
    reviewOverdue,
    scopes: hold.scopes.map((scope) => ({ scope, sentence: scopeSentence(scope, model) })),
    protects: protects(hold.protects, model),
    ...(release && { release: { proposed: signed(release.signed), reason: release.reason } }),
    history: history.map((event) => ({ kind: event.kind, signed: signed(event.signed), reason: event.reason })),
  }
}
