import path from 'node:path'
import type { Catalog, CatalogSnapshot } from '../catalog/port.ts'
import { OperatorError, TemplateError } from '../errors.ts'
import type { Application } from '../model/types.ts'
import type { ApplicationSetup, TableSetup } from './pool/messages.ts'

export interface SetupsOptions {
  /** The data folder. */
  home: string
  catalog: Catalog
  loadModel: (application: string) => Promise<Application>
  /** Milliseconds for which the catalog is not looked at again. */
  age: number
  /** Called with each new version. */
  changed(setup: ApplicationSetup): void
}

/** Applications as workers need them, of the version that the catalog has. */
export class Setups {
  readonly #options: SetupsOptions
  readonly #known = new Map<string, { setup: ApplicationSetup; looked: number }>()
  readonly #looking = new Map<string, Promise<ApplicationSetup>>()

  constructor(options: SetupsOptions) {
    this.#options = options
  }

  /** Throws TemplateError for an application without model, OperatorError where nothing was crawled. */
  async get(application: string): Promise<ApplicationSetup> {
    const known = this.#known.get(application)
    if (known && performance.now() - known.looked < this.#options.age) return known.setup
    return this.look(application)
  }

  /** As of the last look; for what was queued before. */
  latest(application: string, otherwise: ApplicationSetup): ApplicationSetup {
    return this.#known.get(application)?.setup ?? otherwise
  }

  /** What is there now or later: a look that began earlier may have seen less. */
  async refresh(application: string): Promise<ApplicationSetup> {
    await this.#looking.get(application)?.catch(() => undefined)
    return this.look(application)
  }

  look(application: string): Promise<ApplicationSetup> {
    const looking = this.#looking.get(application)
    if (looking) return looking
    const started = this.#look(application).finally(() => this.#looking.delete(application))
    this.#looking.set(application, started)
    return started
  }

  async #look(application: string): Promise<ApplicationSetup> {
    const { catalog, loadModel, home, changed } = this.#options
    const snapshot = await catalog.read(application)
    if (!snapshot)
      throw new OperatorError(
        `Nothing of the application "${application}" is in the archive yet: load a delivery, then crawl it.`,
      )
    const known = this.#known.get(application)
    if (known?.setup.version === snapshot.version) {
      known.looked = performance.now()
      return known.setup
    }
    const setup = setupOf(home, snapshot, await loadModel(application))
    this.#known.set(application, { setup, looked: performance.now() })
    changed(setup)
    return setup
  }
}

function setupOf(home: string, snapshot: CatalogSnapshot, model: Application): ApplicationSetup {
  if (!/^[a-z][a-z0-9_]*$/.test(snapshot.application))
    throw new TemplateError(`"${snapshot.application}" is not the name of an application.`)
  const stored = new Map(snapshot.tables.map((table) => [table.name, table]))
  const folder = path.join(home, 'archive', snapshot.application)
  const tables = model.tables.flatMap((table): TableSetup[] => {
    const found = stored.get(table.name)
    if (!found) return []
    return [
      {
        name: table.name,
        columns: table.columns.map((column) => {
          const file = found.columns.find((candidate) => candidate.name === column.name)
          const partition = found.partitionBy.includes(column.name)
          const type = partition ? 'varchar' : file?.type.replace(' ', '')
          return {
            name: column.name,
            type: column.type.replace(' ', ''),
            bytes: file?.bytes ?? 0,
            ...(column.partly ? { partly: column.partly } : {}),
            ...(column.rowRule ? { rowRule: column.rowRule } : {}),
            ...(type === undefined ? {} : { stored: type }),
          }
        }),
        persons: table.persons,
        primaryKey: table.primaryKey,
        partitionBy: found.partitionBy,
        files: found.objects.map((object) => path.join(home, object.key)),
        unionByName: new Set(found.objects.map((object) => object.load)).size > 1,
      },
    ]
  })
  return {
    name: snapshot.application,
    version: snapshot.version,
    folder: `${folder}${path.sep}`,
    tables,
    absent: model.tables.filter((table) => !stored.has(table.name)).map((table) => table.name),
    rowRules: Object.keys(model.rowRules),
  }
}
