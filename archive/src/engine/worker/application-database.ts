import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { macros } from '../dialect/macros.ts'
import type { ApplicationSetup, TableSetup, WorkerSettings } from '../pool/messages.ts'
import * as sentences from '../pool/sentences.ts'
import { identifier, literalList } from '../sql-text.ts'
import { Failed } from './failures.ts'
import { KeptStatements } from './kept-statements.ts'
import { everything, RestrictedViews, restrictedSchemas } from './restricted-views.ts'
import type { Translated } from './translated.ts'
import { placedSelect, viewSelect } from './views.ts'

/** Schema of the views with the place of each row; like the others it is never searched. */
export const placed = 'placed'

/**
 * An application's own DuckDB instance: it may open files below that application's archive folder (and the folders for spilling
 * and exports), loads no extension, and its configuration is locked. Its tables are views over the objects that the catalog names.
 */
export class ApplicationDatabase {
  #setup: ApplicationSetup
  readonly #settings: WorkerSettings
  #opening: Promise<DuckDBConnection> | undefined
  #connection: DuckDBConnection | undefined
  #instance: DuckDBInstance | undefined
  /** For what is prepared beside the statements. */
  #beside: Promise<DuckDBConnection> | undefined
  /** Views that stand, by name; those of another version are made anew when they are next named. */
  #views = new Map<string, TableSetup>()
  /** The same of those that tell the place of each row. */
  #placed = new Map<string, TableSetup>()
  /** What a version of the catalog allows to be remembered. */
  readonly remembered = new Map<string, Translated>()
  readonly statements = new KeptStatements()
  readonly restricted: RestrictedViews
  #stale = false

  constructor(setup: ApplicationSetup, settings: WorkerSettings) {
    this.#setup = setup
    this.#settings = settings
    this.restricted = new RestrictedViews({
      setup: () => this.#setup,
      run: async (sql) => (await this.connection.runAndReadAll(sql)).getRows(),
      beside: () => this.#besides(),
      standWhole: (tables) => this.#standWhole(tables),
      forget: (key) => this.#forget(key),
      replan: (key) => {
        for (const statement of this.remembered.values())
          if (statement.restricted === key) this.statements.forget(statement)
      },
    })
  }

  get setup() {
    return this.#setup
  }

  get threads() {
    return this.#settings.threads
  }

  get connection(): DuckDBConnection {
    if (!this.#connection) throw new Error('The database is not open.')
    return this.#connection
  }

  replace(setup: ApplicationSetup) {
    this.#setup = setup
    this.remembered.clear()
    this.statements.clear()
    this.restricted.prepared.stop()
    this.#stale = true
  }

  interrupt() {
    this.#connection?.interrupt()
  }

  async open(): Promise<void> {
    this.#opening ??= this.#open()
    try {
      this.#connection = await this.#opening
    } catch {
      this.#opening = undefined
      throw new Failed(sentences.cannotOpen())
    }
    if (this.#stale) await this.restricted.clear()
    this.#stale = false
  }

  close() {
    this.restricted.prepared.stop()
    this.#connection?.closeSync()
    void this.#beside?.then((connection) => connection.closeSync())
  }

  /** Makes the views that a statement names stand as the catalog's version and its restrictions say. */
  async stand({ tables, views, restricted, places }: Translated): Promise<void> {
    if (places) await this.#standPlaced(tables)
    else if (restricted === undefined) await this.#standWhole(tables)
    else await this.restricted.stand(restricted, views)
  }

  async #standWhole(tables: Iterable<string>): Promise<void> {
    for (const name of tables) {
      const table = this.#setup.tables.find((candidate) => candidate.name === name)
      if (!table || this.#views.get(name) === table) continue
      await this.connection.run(`CREATE OR REPLACE VIEW ${everything}.${identifier(name)} AS ${viewSelect(table)}`)
      this.#views.set(name, table)
    }
  }

  async #standPlaced(tables: Iterable<string>): Promise<void> {
    for (const name of tables) {
      const table = this.#setup.tables.find((candidate) => candidate.name === name)
      if (!table || this.#placed.get(name) === table) continue
      await this.connection.run(
        `CREATE OR REPLACE VIEW ${placed}.${identifier(name)} AS ${placedSelect(table, this.#setup)}`,
      )
      this.#placed.set(name, table)
    }
  }

  async #besides() {
    if (!this.#instance) throw new Error('The database is not open.')
    this.#beside ??= this.#instance.connect()
    const connection = await this.#beside
    return {
      run: async (sql: string) => (await connection.runAndReadAll(sql)).getRows(),
      interrupt: () => connection.interrupt(),
    }
  }

  #forget(restricted: string) {
    for (const [key, statement] of this.remembered) {
      if (statement.restricted !== restricted) continue
      this.statements.forget(statement)
      this.remembered.delete(key)
    }
  }

  async #open(): Promise<DuckDBConnection> {
    const { memory, threads, scratch, scratchLimit, exports } = this.#settings
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(threads),
      memory_limit: `${memory}B`,
      temp_directory: scratch,
      max_temp_directory_size: `${scratchLimit}B`,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      allow_persistent_secrets: 'false',
      // The system caches files anyway, and only what is read counts as scanned.
      enable_external_file_cache: 'false',
    })
    this.#instance = instance
    const connection = await instance.connect()
    await connection.run('SET parquet_metadata_cache = true')
    await connection.run("SET TimeZone = 'UTC'")
    // Without it no progress is worked out; nothing is printed.
    await connection.run('SET enable_progress_bar = true')
    await connection.run('SET enable_progress_bar_print = false')
    for (const schema of [...restrictedSchemas, placed]) await connection.run(`CREATE SCHEMA ${schema}`)
    for (const macro of macros) await connection.run(macro)
    const folders = exports ? [this.#setup.folder, exports] : [this.#setup.folder]
    await connection.run(`SET allowed_directories = ${literalList(folders)}`)
    await connection.run('SET enable_external_access = false')
    await connection.run('SET lock_configuration = true')
    return connection
  }
}
