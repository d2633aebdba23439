import type { Catalog, CatalogSnapshot } from '@muniment/archive/catalog/port'
import type { QueryEngine } from '@muniment/archive/engine/port'
import { ProblemError } from '../errors.ts'

export interface Loaded {
  snapshot: CatalogSnapshot
  /** Of all loads that the tables consist of, in order. */
  loads: string[]
}

export type LoadedApplications = ReturnType<typeof createLoadedApplications>

/** What is in the archive now. A load that was committed since the last look is told to the engine before anything is asked of it. */
export function createLoadedApplications(catalog: Catalog, engine: QueryEngine) {
  const last = new Map<string, Loaded>()
  const telling = new Map<string, Promise<void>>()

  const self = {
    /** What is to be recorded of an execution that ran by another version than the one recorded before; nothing where it is the same. */
    async seenBy(
      application: string,
      before: string,
      catalogVersion: string | undefined,
    ): Promise<{ catalogVersion: string; loads: string[] } | undefined> {
      if (catalogVersion === undefined || catalogVersion === before) return undefined
      const now = await self.current(application).catch(() => undefined)
      // Where it is newer still, which loads that one had is not known any more.
      return { catalogVersion, loads: now?.snapshot.version === catalogVersion ? now.loads : [] }
    },

    /** Throws ProblemError `not-loaded` before the first load. */
    async current(application: string): Promise<Loaded> {
      const snapshot = await catalog.read(application)
      if (!snapshot) {
        const message = `No delivery of ${application} has been loaded; the archivist does that with "muniment ingest".`
        throw new ProblemError('not-loaded', message)
      }
      const known = last.get(application)
      if (known?.snapshot.version === snapshot.version) {
        await telling.get(application)
        return known
      }
      const loads = [...new Set(snapshot.tables.flatMap((table) => table.objects.map(({ load }) => load)))].sort()
      const loaded = { snapshot, loads }
      last.set(application, loaded)
      const told = engine.refresh(application).catch((error: unknown) => {
        last.delete(application)
        throw error
      })
      telling.set(application, told)
      await told.finally(() => telling.delete(application))
      return loaded
    },
  }
  return self
}
