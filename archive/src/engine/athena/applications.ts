import type { Catalog, CatalogSnapshot, CatalogTable } from '../../catalog/port.ts'
import { OperatorError } from '../../errors.ts'
import type { Application, ColumnType } from '../../model/types.ts'
import type { RuledTable } from '../restrictions/visible-rows.ts'

/** An application as statements are written for it: of one version of the catalog. */
export interface KnownApplication {
  name: string
  version: string
  /** Tables that the archive holds, as the model has them. */
  tables: Map<string, RuledTable>
  held: Map<string, CatalogTable>
  /** Tables of the model of which nothing was ever loaded. */
  absent: Set<string>
  rowRules: Set<string>
  /** Type of each column of the model, `table.column`. */
  types: Map<string, ColumnType>
}

export interface ApplicationsOptions {
  catalog: Pick<Catalog, 'read'>
  loadModel: (application: string) => Promise<Application>
  /** Milliseconds for which the catalog is not looked at again. */
  age: number
}

export type Applications = ReturnType<typeof createApplications>

export function createApplications({ catalog, loadModel, age }: ApplicationsOptions) {
  const known = new Map<string, { application: KnownApplication; looked: number }>()
  const looking = new Map<string, Promise<KnownApplication>>()

  async function look(name: string): Promise<KnownApplication> {
    const snapshot = await catalog.read(name)
    if (!snapshot)
      throw new OperatorError(
        `Nothing of the application "${name}" is in the archive yet: load a delivery, then crawl it.`,
      )
    const before = known.get(name)?.application
    const same = before?.version === snapshot.version
    const application = before && same ? before : applicationOf(snapshot, await loadModel(name))
    known.set(name, { application, looked: performance.now() })
    return application
  }

  return {
    /** Throws OperatorError where nothing was crawled, and what `loadModel` throws. */
    async get(name: string): Promise<KnownApplication> {
      const found = known.get(name)
      if (found && performance.now() - found.looked < age) return found.application
      const begun = looking.get(name)
      if (begun) return begun
      const started = look(name).finally(() => looking.get(name) === started && looking.delete(name))
      looking.set(name, started)
      return started
    },

    /** What was seen is not taken for what is there: the next one looks again. */
    forget(name: string): void {
      looking.delete(name)
      const found = known.get(name)
      if (found) found.looked = Number.NEGATIVE_INFINITY
    },
  }
}

function applicationOf(snapshot: CatalogSnapshot, model: Application): KnownApplication {
  const held = new Map(snapshot.tables.map((table) => [table.name, table]))
  const tables = model.tables.map(
    ({ name, columns, persons, primaryKey }): RuledTable => ({
      name,
      persons,
      primaryKey,
      columns: columns.map((column) => ({ ...column, type: column.type.replace(' ', '') })),
    }),
  )
  return {
    name: snapshot.application,
    version: snapshot.version,
    tables: new Map(tables.filter(({ name }) => held.has(name)).map((table) => [table.name, table])),
    held,
    absent: new Set(tables.filter(({ name }) => !held.has(name)).map(({ name }) => name)),
    rowRules: new Set(Object.keys(model.rowRules)),
    types: new Map(tables.flatMap((table) => table.columns.map(({ name, type }) => [`${table.name}.${name}`, type]))),
  }
}
