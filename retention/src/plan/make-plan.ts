import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Actor as LoggedActor } from '@muniment/archive/audit/port'
import { InputError, OperatorError } from '@muniment/archive/errors'
import { inLog, mustMay } from '@muniment/archive/holds/deps'
import { type HeldCheck, heldBy } from '@muniment/archive/holds/held-by'
import { resolveAgain } from '@muniment/archive/holds/resolve-again'
import { dispositionKey, planKey } from '@muniment/archive/layout'
import type { Acting, RetentionDeps } from '../deps.ts'
import { holdDeps } from '../holds/hold-deps.ts'
import { Plan } from '../run/types.ts'
import { ChangedError, unloaded } from './ask.ts'
import { removeOrphans } from './clean-up.ts'
import { localDay, mustBeDay } from './days.ts'
import { type Frozen, freeze } from './frozen.ts'
import { fileHash, listColumns, rowsByObject, rowsOfFile, splitLists, withoutRecords } from './lists.ts'
import { planHash } from './read-plan.ts'
import { recordTables, stages } from './sql/order.ts'
import { mustTable } from './sql/paths.ts'
import { collectHeld, workOut } from './work-out.ts'

export interface PlanOptions {
  application: string
  domain: string
  /** Last day that counts as past; today in the application's time zone where nothing is said. */
  asOf?: string | undefined
  by: Acting
  /** It is the product's own timer that plans: nobody's duty is looked at, and where nothing is left to destroy no plan is written. */
  scheduled?: boolean | undefined
  /** What is held; the register itself where nothing is said. */
  held?: (() => Promise<HeldCheck>) | undefined
}

const MOST_TRIES = 3

/** A timer found nothing that could go. */
export class NothingDueError extends InputError {}

/**
 * Freezes what is due: writes the disposition lists, and then, as the one thing that makes it a plan, `plan.json`. Throws NotFoundError where
 * `by` may not, InputError for a day that is none or still to come, OperatorError wherever anything it depends on is in doubt.
 */
export async function makePlan(deps: RetentionDeps, options: PlanOptions): Promise<Plan> {
  const { application, domain, by, scheduled = false } = options
  const may = scheduled
    ? {
        actor: { id: by.id, roles: [], groups: [], rules: 0 } satisfies LoggedActor,
        signed: { by: by.id, at: deps.clock().toISOString(), groups: [] },
      }
    : await mustMay(deps, by, ['plan-destruction'], 'plan destruction')
  const { timeZone } = await deps.loadModel(application)
  const today = localDay(deps.clock(), timeZone)
  const asOf = mustBeDay(options.asOf ?? today)
  if (asOf > today)
    throw new InputError(
      `Nothing is destroyed before it is due, and ${asOf} is still to come. What falls due until then can be looked at.`,
      {
        asOf: `Not after ${today}.`,
      },
    )
  const run = `R-${today.replaceAll('-', '')}-${randomBytes(6).toString('hex')}`
  const subject = { application, domain, run, asOf }
  return inLog(deps, { action: 'plan', actor: may.actor, subject }, async (detail) => {
    await removeOrphans(deps)
    await resolveAgain(holdDeps(deps), application)
    for (let tries = 1; ; tries++) {
      try {
        const plan = await attempt(deps, { ...options, asOf, run, signed: may.signed })
        detail.hash = planHash(plan)
        detail.records = Object.values(plan.counts).reduce((sum, { due }) => sum + due, 0)
        return plan
      } catch (error) {
        await removeLists(deps, run)
        if (!(error instanceof ChangedError) || tries === MOST_TRIES) throw error
        await deps.engine.refresh(application)
      }
    }
  })
}

async function removeLists({ store }: RetentionDeps, run: string): Promise<void> {
  // Whatever the reply was: a plan that stands keeps its lists.
  if (await store.head(planKey(run))) return
  for await (const { key } of store.list(dispositionKey(run, '').replace(/[^/]*$/, ''))) await store.remove(key)
}

interface Attempt extends PlanOptions {
  asOf: string
  run: string
  signed: Plan['by']
}

async function attempt(
  deps: RetentionDeps,
  { application, domain, asOf, run, signed, held, scheduled }: Attempt,
): Promise<Plan> {
  const { store, engine } = deps
  const before = await freeze(deps, application, domain)
  await engine.refresh(application)
  const check = await (held ? held() : heldBy(store, application, deps.clock))
  await mkdir(deps.work, { recursive: true })
  const folder = await mkdtemp(path.join(deps.work, 'plan-'))
  try {
    const { schedules, model, catalog, statements } = before
    const asker = { engine, model, version: catalog.version }
    const wanted = { model, schedules: schedules.schedules, statements, catalog, asOf }
    const { compiled, counts, reasons } = await workOut(asker, wanted)
    const roots = new Map(compiled.classes.map((one) => [one.class.name, one.class.table]))
    const all = path.join(folder, 'all')
    const wide = ['_table', ...listColumns(compiled.widths.key, compiled.widths.record)]
    await unloaded(asker, compiled.lists(), all, wide)
    const shapes = compiled.tables.map((table) => ({
      table,
      keys: mustTable(model, table).primaryKey.length,
      records: mustTable(model, ownerOf(compiled.classes, model, table)).primaryKey.length,
    }))
    const files = await splitLists(path.join(all, 'result.parquet'), shapes, folder)
    const holding = new Map<string, { class: string; record: string[] }>()
    for (const [table, file] of files)
      for await (const rows of rowsOfFile(file)) collectHeld(rows, table, roots, check, holding)
    for (const { class: name } of holding.values()) {
      const count = counts[name]
      if (!count) throw new OperatorError(`A list names the class ${name}, which there is not.`)
      count.due--
      count.held++
    }
    const lists: Plan['lists'] = {}
    const due = new Map<string, Map<string, number>>()
    for (const [table, file] of files) {
      const left = holding.size > 0 ? await withoutRecords(file, [...holding.values()]) : undefined
      if (left === 0) continue
      const byObject = await rowsByObject(file)
      due.set(table, byObject)
      lists[table] = { sha256: await fileHash(file), rows: [...byObject.values()].reduce((sum, rows) => sum + rows, 0) }
      for await (const rows of rowsOfFile(file))
        for (const row of rows) {
          const count = counts[row.class]
          if (count) count.rows++
        }
    }
    await mustBeComplete(files, lists, counts, roots)
    if (scheduled && Object.keys(lists).length === 0)
      throw new NothingDueError(`Nothing in ${domain} is due that is not held: no plan is made.`)
    const plan = Plan.parse({
      format: 1,
      run,
      application,
      domain,
      asOf,
      planned: signed.at,
      by: signed,
      schedules: { version: schedules.number, sha256: schedules.hash },
      model: before.modelHash,
      catalog: catalog.version,
      holds: check.register,
      ledger: before.ledger,
      statements: before.statementsHash,
      lists,
      objects: objectsOf(before, due),
      counts,
      reasons,
    } satisfies Plan)
    for (const table of Object.keys(lists))
      await store.createFromFile(dispositionKey(run, table), files.get(table) ?? '', {
        sha256: lists[table]?.sha256 ?? '',
      })
    const after = await freeze(deps, application, domain)
    if (after.mark !== before.mark)
      throw new ChangedError('Something that the plan depends on changed while it was made.')
    await store.create(planKey(run), `${JSON.stringify({ ...plan, hash: planHash(plan) }, null, 2)}\n`)
    return plan
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Classes = Parameters<typeof recordTables>[1][]

function ownerOf(classes: readonly { class: Classes[number] }[], model: Frozen['model'], table: string): string {
  const owner = classes.find((one) => recordTables(model, one.class).some((part) => part.table === table))
  if (!owner) throw new OperatorError(`The table ${table} is of no record.`)
  return owner.class.table
}

/** Records on the lists are as many as were counted. */
async function mustBeComplete(
  files: ReadonlyMap<string, string>,
  lists: Plan['lists'],
  counts: Plan['counts'],
  roots: ReadonlyMap<string, string>,
): Promise<void> {
  const found = new Map<string, Set<string>>()
  for (const [table, file] of files) {
    if (!lists[table]) continue
    for await (const rows of rowsOfFile(file))
      for (const { class: name, record } of rows)
        if (roots.get(name) === table) found.set(name, (found.get(name) ?? new Set()).add(JSON.stringify(record)))
  }
  for (const [name, { due }] of Object.entries(counts))
    if ((found.get(name)?.size ?? 0) !== due)
      throw new OperatorError(
        `Of the class ${name} ${due} records were counted as due, and ${found.get(name)?.size ?? 0} are on the list. Nothing was planned.`,
      )
}

function objectsOf({ catalog, model }: Frozen, due: ReadonlyMap<string, ReadonlyMap<string, number>>): Plan['objects'] {
  const stage = stages(model, [...due.keys()])
  const objects = [...due].flatMap(([table, byObject]) => {
    const known = new Map(catalog.tables.find(({ name }) => name === table)?.objects.map((one) => [one.key, one]))
    return [...byObject].map(([key, rows]) => {
      const object = known.get(key)
      if (!object) throw new OperatorError(`A list names the object ${key}, which the catalog does not.`)
      if (rows > object.rows) throw new OperatorError(`More rows of ${key} are on the list than it has.`)
      const { load, etag, size } = object
      return { key, table, load, etag, size, rows: object.rows, due: rows, stage: stage.get(table) ?? 0 }
    })
  })
  return objects.sort((one, other) => one.stage - other.stage || (one.key < other.key ? -1 : 1))
}
