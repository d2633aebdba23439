import { join } from 'node:path'
import type { AuditLog } from '@muniment/archive/audit/port'
import type { Catalog } from '@muniment/archive/catalog/port'
import { createDuckdbEngine } from '@muniment/archive/engine/duckdb-engine'
import { readRegister } from '@muniment/archive/holds/register'
import { resolveAgain } from '@muniment/archive/holds/resolve-again'
import type { Home } from '@muniment/archive/home'
import { HOLD_REGISTER } from '@muniment/archive/layout'
import { loadApplication } from '@muniment/archive/model/load'
import { holdDeps } from '@muniment/retention/holds/hold-deps'

interface Loaded {
  home: Home
  catalog: Catalog
  audit: AuditLog
  templatesRoot: string
}

/**
 * After a load: what it brought and belongs to what is held is protected from then on. Gives the holds that protect more now. Throws where
 * that cannot be found out: what was loaded stays, and plans and runs find it out themselves before they begin.
 */
export async function resolveHolds(
  { home, catalog, audit, templatesRoot }: Loaded,
  application: string,
): Promise<string[]> {
  // Before a server first started there is none, and no hold either.
  if (!(await home.store.head(HOLD_REGISTER))) return []
  const { register } = await readRegister(home.store)
  if (!register.holds.some((hold) => hold.state === 'standing' && hold.application === application)) return []
  const loadModel = (name: string) => loadApplication(templatesRoot, name)
  const engine = await createDuckdbEngine({ home, catalog, loadModel })
  try {
    const work = join(home.work, 'retention-command')
    const clock = () => new Date()
    return await resolveAgain(
      holdDeps({ store: home.store, engine, catalog, loadModel, audit, clock, work }),
      application,
    )
  } finally {
    await engine.close()
  }
}

/** The same, told in a line and never in the way of the load, which stands. */
export async function resolveHoldsTold(loaded: Loaded, application: string): Promise<string | undefined> {
  try {
    const grown = await resolveHolds(loaded, application)
    if (grown.length === 0) return undefined
    return `Holds that protect more records now: ${grown.join(', ')}.`
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return (
      `What was loaded is not yet protected by the holds that stand: ${why} ` +
      'Nothing of the application is planned or destroyed until it is.'
    )
  }
}
