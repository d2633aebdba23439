import { InputError, OperatorError } from '../errors.ts'
import { keyText } from './closures.ts'
import type { HoldDeps } from './deps.ts'
import { resolveScope } from './scope/resolve.ts'
import type { Closure, HoldScope } from './types.ts'

const MOST_TRIES = 3

export interface Resolved {
  tables: Closure['tables']
  /** Version of the catalog; empty where nothing was loaded yet. */
  catalog: string
  /** Tables of which objects are lost: what belongs to the scope may be more. */
  incomplete: string[]
}

/** All that scopes protect by the records that there are now: once more where these change meanwhile. */
export async function resolveScopes(
  deps: HoldDeps,
  application: string,
  scopes: readonly HoldScope[],
): Promise<Resolved> {
  const model = await deps.loadModel(application)
  let tables: Closure['tables'] = {}
  for (let tries = 1; ; tries++) {
    await deps.engine.refresh(application)
    const catalog = await deps.catalog.read(application)
    for (const scope of scopes)
      tables = union(
        tables,
        await resolveScope(scope, {
          engine: deps.engine,
          application,
          model,
          catalog,
          classTables: deps.classTables && ((domain, name) => deps.classTables?.(application, domain, name) ?? none()),
        }),
      )
    const after = await deps.catalog.read(application)
    if (after?.version === catalog?.version)
      return {
        tables,
        catalog: catalog?.version ?? '',
        incomplete: catalog?.tables.flatMap(({ name, incomplete }) => (incomplete ? [name] : [])) ?? [],
      }
    if (tries >= MOST_TRIES)
      throw new OperatorError('The records change all the time; what a hold protects cannot be found. Try again later.')
  }
}

const none = (): never => {
  throw new InputError('Record classes are not known here.')
}

export function union(left: Closure['tables'], right: Closure['tables']): Closure['tables'] {
  const result = { ...left }
  for (const [table, keys] of Object.entries(right)) {
    const there = result[table]
    result[table] =
      there === undefined || keys === 'all' ? keys : there === 'all' ? 'all' : distinct([...there, ...keys])
  }
  return result
}

const distinct = (keys: string[][]) => [...new Map(keys.map((key) => [keyText(key), key])).values()]

/** What `right` has and `left` has not. */
export function additions(left: Closure['tables'], right: Closure['tables']): Closure['tables'] {
  const result: Closure['tables'] = {}
  for (const [table, keys] of Object.entries(right)) {
    const there = left[table]
    if (there === 'all') continue
    if (keys === 'all') result[table] = 'all'
    else {
      const known = new Set(there?.map(keyText))
      const more = keys.filter((key) => !known.has(keyText(key)))
      if (more.length > 0) result[table] = more
    }
  }
  return result
}
