import { canonicalJson, sha256Hex } from '@muniment/archive/audit/canonical'
import type { CatalogSnapshot } from '@muniment/archive/catalog/port'
import { OperatorError } from '@muniment/archive/errors'
import { loadPrefix, rewritePrefix } from '@muniment/archive/layout'
import type { Application } from '@muniment/archive/model/types'
import { readStatements } from '@muniment/archive/statements/read-statements'
import type { Statement } from '@muniment/archive/statements/types'
import type { RetentionDeps } from '../deps.ts'
import { checkSchedules } from '../schedule/check-schedules.ts'
import { inForceFrom, readSchedules, type StoredSchedules } from '../schedule/versions.ts'

/** What a plan depends on, as it was at one moment. */
export interface Frozen {
  model: Application
  modelHash: string
  schedules: StoredSchedules
  catalog: CatalogSnapshot
  ledger: string
  statements: Statement[]
  statementsHash: string
  /** Equal for two moments only if all of it is, objects of records and their ETags included. */
  mark: string
}

/** Milliseconds by which clocks of several machines may differ. */
const SKEW = 5 * 60_000

/**
 * Reads all that a plan depends on. Throws OperatorError wherever any of it is missing, altered, incomplete, or later than the clock says.
 */
export async function freeze(
  { store, catalog, loadModel, clock }: Pick<RetentionDeps, 'store' | 'catalog' | 'loadModel' | 'clock'>,
  application: string,
  domain: string,
): Promise<Frozen> {
  const schedules = await readSchedules(store, application, domain)
  if (!schedules)
    throw new OperatorError(`There are no retention schedules of ${application}, domain ${domain}: nothing falls due.`)
  const model = await loadModel(application)
  const [finding] = checkSchedules(schedules.schedules, model)
  if (finding)
    throw new OperatorError(
      `The retention schedules of ${application}, domain ${domain}, do not fit the model any more: ${finding.message} Nothing is planned ` +
        'until two people have put other schedules in force.',
    )
  const snapshot = await catalog.read(application)
  if (!snapshot) throw new OperatorError(`Nothing of ${application} is in the catalog: crawl it.`)
  for (const { name, incomplete } of snapshot.tables)
    if (incomplete)
      throw new OperatorError(
        `Objects of the table ${name} are missing or altered, so that it cannot be told what keeps what. The operator must restore them first.`,
      )
  const { statements, hash: statementsHash } = await readStatements(store, application)
  mustBePast(clock(), schedules, statements)
  const ledger = await ledgerHash({ store }, application)
  const modelHash = sha256Hex(canonicalJson(model))
  const objects = await objectsAsTheyAre({ store }, snapshot)
  const mark = sha256Hex(
    canonicalJson({ catalog: snapshot.version, schedules: schedules.hash, ledger, statementsHash, modelHash, objects }),
  )
  return { model, modelHash, schedules, catalog: snapshot, ledger, statements, statementsHash, mark }
}

/** A clock that is behind what was signed already tells nothing of what is over. */
function mustBePast(now: Date, schedules: StoredSchedules, statements: readonly Statement[]): void {
  if (Number.isNaN(now.getTime())) throw new OperatorError('The clock of this machine gives no time.')
  const signed = [
    inForceFrom(schedules),
    ...statements.flatMap((one) => [one.signed.at, one.approved?.at ?? one.signed.at]),
  ]
  for (const at of signed)
    if (!(new Date(at).getTime() <= now.getTime() + SKEW))
      throw new OperatorError(
        `The clock of this machine says ${now.toISOString()}, and something was signed at ${new Date(at).toISOString()}. Nothing is planned ` +
          'until the operator has set it right.',
      )
}

/** Over the loads that count and what became of their objects. */
export async function ledgerHash({ store }: Pick<RetentionDeps, 'store'>, application: string): Promise<string> {
  const named: string[] = []
  for await (const { key, etag } of store.list(loadPrefix(application)))
    if (key.endsWith('/load.json')) named.push(`${key} ${etag}`)
  for await (const { key, etag } of store.list(rewritePrefix(application))) named.push(`${key} ${etag}`)
  return sha256Hex(named.join('\n'))
}

/** Objects of records by the store itself. Throws OperatorError where one is not what the catalog says. */
async function objectsAsTheyAre({ store }: Pick<RetentionDeps, 'store'>, catalog: CatalogSnapshot): Promise<string> {
  const stored = new Map<string, string>()
  for await (const { key, etag } of store.list(`archive/${catalog.application}/`)) stored.set(key, etag)
  const named: string[] = []
  for (const { name, objects } of catalog.tables)
    for (const { key, etag } of objects) {
      if (stored.get(key) !== etag)
        throw new OperatorError(
          `The object ${key} of ${name} is ${stored.has(key) ? 'another one than the catalog names' : 'gone'}: crawl ${catalog.application} again.`,
        )
      named.push(`${key} ${etag}`)
    }
  return sha256Hex(named.join('\n'))
}
