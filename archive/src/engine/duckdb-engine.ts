import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Catalog } from '../catalog/port.ts'
import { OperatorError } from '../errors.ts'
import type { Application } from '../model/types.ts'
import { openEngineFolder } from './engine-folder.ts'
import { Executions } from './executions.ts'
import { KeptRows } from './kept-rows.ts'
import { type EngineLimits, withDefaults } from './limits.ts'
import { Lane } from './pool/lane.ts'
import type { QueryEngine, StartOptions } from './port.ts'
import { createReadings, prepareStatement } from './prepare.ts'
import { rowsOf, snapshotOf, waitFor } from './remembered-executions.ts'
import { createRunner } from './runner.ts'
import { Setups } from './setups.ts'

export interface DuckdbEngineOptions {
  /** The data folder (`path`) and what in it is no record (`work`), both absolute and free of links. */
  home: { path: string; work: string }
  catalog: Catalog
  loadModel: (application: string) => Promise<Application>
  limits?: Partial<EngineLimits>
}

export interface DuckdbEngine extends QueryEngine {
  /** Of the processes that there are now. */
  pids(): number[]
}

/**
 * The embedded engine: DuckDB in child processes. `unload` writes one file, `result.csv`, `result.json` or `result.parquet`, with the
 * headings as names, and `keys.jsonl` where keys were asked for and there are some. Time limits count from the moment a statement runs.
 *
 * `statistics.bytesScanned` is what the process read from files while it ran the statement, as the system counts it: the pages of the
 * columns needed, of the row groups that statistics do not rule out; footers the first time only; also what was read back after
 * spilling. Where the system does not count (other than Linux) it is an upper bound: the compressed size of all columns named. Of a
 * statement whose process was killed it is 0.
 */
export async function createDuckdbEngine(options: DuckdbEngineOptions): Promise<DuckdbEngine> {
  const limits = withDefaults(options.limits)
  const folder = await openEngineFolder(options.home.work)
  const exportsFolder = path.join(folder, 'exports')
  await mkdir(exportsFolder)
  const executions = new Executions(limits)
  const shared = { left: limits.resultsMemory }
  const lanes = openLanes(limits, folder, exportsFolder)
  const setups = new Setups({
    home: options.home.path,
    catalog: options.catalog,
    loadModel: options.loadModel,
    age: limits.catalogAge,
    changed: (setup) => {
      lanes.search.warm(setup)
      lanes.export.warm(setup)
    },
  })
  const readings = createReadings(lanes.search, setups)
  const runner = createRunner({ lanes, setups, executions, limits })
  let closed = false
  const mustBeOpen = () => {
    if (closed) throw new OperatorError('The query engine is shut down.')
  }

  return {
    name: 'duckdb',
    pids: () => [...lanes.search.pids, ...lanes.export.pids].filter((pid) => pid !== undefined),

    async start(statement, startOptions) {
      mustBeOpen()
      const { rowLimit } = startOptions
      return runner.begin(statement, startOptions, {
        job: () => ({ kind: 'rows', rowLimit, byteLimit: limits.resultBytes }),
        prepare: (kept) => {
          kept.rows = new KeptRows(path.join(folder, `${kept.id}.rows`), limits.resultMemory, shared)
        },
      })
    },

    status: async (id) => snapshotOf(executions.get(id)),

    wait: async (id, ms) => waitFor(executions.get(id), ms),

    async *rows(id) {
      yield* rowsOf(executions.get(id))
    },

    async unload(statement, target, startOptions) {
      mustBeOpen()
      const known = executions.byToken(startOptions.token)
      if (known) return known.id
      await mkdir(target.folder, { recursive: true })
      if ((await readdir(target.folder)).length > 0)
        throw new OperatorError(`The folder ${path.basename(target.folder)} for an export is not empty.`)
      const { format, columns, keys } = target
      const { rowLimit } = startOptions
      const file = (id: string) => path.join(exportsFolder, `${id}.${format}`)
      const keysFile = (id: string) => path.join(exportsFolder, `${id}.keys`)
      const id = runner.begin(statement, startOptions, {
        job: (execution) => ({
          kind: 'unload',
          file: file(execution),
          format,
          columns,
          ...(rowLimit < Number.MAX_SAFE_INTEGER && { rowLimit }),
          ...(keys && keys.length > 0 && { keys: { file: keysFile(execution), groups: keys } }),
        }),
        finish: async (kept, { more, keys }) => {
          if (!more) await rename(file(kept.id), path.join(target.folder, `result.${format}`))
          if (keys) await rename(keysFile(kept.id), path.join(target.folder, 'keys.jsonl'))
        },
      })
      const leftovers = [file(id), keysFile(id)]
      void executions.get(id).ended.then(() => Promise.all(leftovers.map((left) => rm(left, { force: true }))))
      return id
    },

    async cancel(id) {
      const kept = executions.get(id)
      if (kept.finished !== undefined) return
      kept.stop()
      await kept.ended
    },

    async prepare(statement) {
      mustBeOpen()
      return prepareStatement(statement, lanes.search, setups)
    },

    async reading(statement) {
      mustBeOpen()
      return readings(statement)
    },

    async refresh(application) {
      await setups.refresh(application)
    },

    async close() {
      closed = true
      const running = executions.running()
      lanes.search.close()
      lanes.export.close()
      for (const kept of running) kept.stop()
      await Promise.all(running.map((kept) => kept.ended))
      executions.clear()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function openLanes(limits: EngineLimits, folder: string, exportsFolder: string): Record<StartOptions['lane'], Lane> {
  let processes = 0
  const lane = (kind: StartOptions['lane']) =>
    new Lane({
      processes: kind === 'search' ? limits.searchWorkers : limits.exportWorkers,
      eager: kind === 'search',
      lowPriority: kind === 'export',
      grace: limits.grace,
      resident: limits.memory + limits.overhead,
      settings: () => ({
        memory: limits.memory,
        threads: kind === 'search' ? limits.searchThreads : limits.exportThreads,
        scratch: path.join(folder, `process-${++processes}`),
        scratchLimit: limits.scratch,
        ...(kind === 'export' ? { exports: `${exportsFolder}${path.sep}` } : {}),
      }),
    })
  return { search: lane('search'), export: lane('export') }
}
