import { InputError, OperatorError } from '../errors.ts'
import { type HoldDeps, inLog } from './deps.ts'
import { readEvents, scopesOf } from './events.ts'
import { addToClosure } from './place.ts'
import { readRegister } from './register.ts'
import { resolveScopes } from './resolve-scopes.ts'

/**
 * Finds again what the standing holds of an application protect: after each load, before each plan and before each run. What they protected
 * before they go on protecting. Gives the ids of those that protect more now. Throws OperatorError wherever that cannot be found out for
 * certain: nothing may be planned or destroyed then.
 *
 * Needs no look at decisions of runs: what it adds came with a load, and loads and runs exclude each other.
 */
export async function resolveAgain(deps: HoldDeps, application: string, by = 'muniment'): Promise<string[]> {
  const { register } = await readRegister(deps.store)
  const grown: string[] = []
  for (const { id, state, application: of } of register.holds) {
    if (state !== 'standing' || of !== application) continue
    const scopes = scopesOf(await readEvents(deps.store, id))
    if (scopes.length === 0) throw new OperatorError(`What the hold ${id} is about is missing below holds/${id}/.`)
    const resolved = await resolveScopes(deps, application, scopes).catch((error: unknown) => {
      if (!(error instanceof InputError)) throw error
      throw new OperatorError(
        `The scope of the hold ${id} is none of the model of ${application} any more (${error.message}). Nothing is destroyed until ` +
          'an archivist has mended the model, or two people have released the hold.',
        { cause: error },
      )
    })
    if (resolved.incomplete.length > 0)
      throw new OperatorError(
        `Objects of ${resolved.incomplete.join(', ')} are missing or altered, so that what the hold ${id} protects cannot be found. ` +
          'The operator must restore them first.',
      )
    const actor = { id: by, roles: [], groups: [], rules: 0 }
    const added = await addToClosure(deps, id, resolved)
    if (!added.added) continue
    grown.push(id)
    await inLog(deps, { action: 'hold', actor, subject: { act: 'resolve', hold: id, application } }, async (detail) => {
      Object.assign(detail, { register: added.register, revision: added.hold.closures.length })
    })
  }
  return grown
}
