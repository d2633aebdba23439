import type { Actor } from '../access/rules-acts.ts'
import { athenaLiteral } from '../engine/athena/athena-literal.ts'
import { InputError, NotFoundError, OperatorError } from '../errors.ts'
import { type HoldDeps, inLog, mustMay } from '../holds/deps.ts'
import { statementApprovalKey, statementKey } from '../layout.ts'
import type { Application, Table } from '../model/types.ts'
import { ConflictError } from '../store/errors.ts'
import { readStatement, statementId } from './read-statements.ts'
import { Statement } from './types.ts'

type Deps = Pick<HoldDeps, 'store' | 'audit' | 'clock' | 'loadModel'>

export interface NewStatement {
  application: string
  table: string
  key: string[]
  what: Statement['what']
  reason: string
  proof?: string | undefined
  by: Actor
}

/** Whether it may shorten a period, so that it counts for that only once somebody else has signed it too. */
export const needsSecond = ({ what }: Pick<Statement, 'what'>): boolean =>
  what.kind === 'event' ||
  what.kind === 'moved' ||
  what.kind === 'correction' ||
  (what.kind === 'reviewed' && what.outcome === 'destroy')

/**
 * Says something of a record, beside it. What may shorten a period is a proposal until somebody else approves it: until then it can only make
 * one longer. Throws NotFoundError where `by` may not or the model has no such table, InputError for what can be said of no record.
 */
export async function makeStatement(deps: Deps, { by, ...said }: NewStatement): Promise<Statement> {
  const { actor, signed } = await mustMay(deps, by, ['make-statements'], 'make statements about records')
  const model = await deps.loadModel(said.application)
  const table = model.tables.find(({ name }) => name === said.table)
  if (!table || table.primaryKey.length !== said.key.length) throw new NotFoundError()
  if (said.reason.trim() === '') throw new InputError('Say why.', { reason: 'Say why.' })
  mustBeSayable(model, table, said)
  const { proof, ...rest } = said
  const draft = { ...rest, id: '', reason: said.reason.trim(), ...(proof !== undefined && { proof }), signed }
  const statement = Statement.parse({ ...draft, id: statementId(Statement.parse(draft)) })
  const { application, id, what } = statement
  const subject = { application, statement: id, table: table.name, kind: what.kind }
  await inLog(deps, { action: 'statement', actor, subject, typed: { reason: statement.reason } }, async () => {
    await deps.store.create(statementKey(application, id), `${JSON.stringify(statement, null, 2)}\n`)
  })
  return statement
}

function mustBeSayable(model: Application, table: Table, { key, what }: Pick<NewStatement, 'key' | 'what'>): void {
  table.primaryKey.forEach((name, index) => {
    mustBeValue(table, name, key[index] ?? '', 'key')
  })
  if (what.kind !== 'event' && what.kind !== 'correction') return
  const type = table.columns.find(({ name }) => name === what.column)?.type
  if (type === undefined)
    throw new InputError(`There is no column "${what.column}".`, { column: 'A column of the table.' })
  if (findsRows(model, table, what.column))
    throw new InputError(`By "${what.column}" rows find each other: a statement cannot change that.`, {
      column: 'A column that is in no key.',
    })
  if (what.kind === 'event' && type !== 'date' && type !== 'timestamp')
    throw new InputError(`"${what.column}" holds no date.`, { column: 'A column with a date.' })
  if (what.kind === 'correction' && what.value !== null) mustBeValue(table, what.column, what.value, 'value')
}

function findsRows(model: Application, table: Table, column: string): boolean {
  return (
    table.primaryKey.includes(column) ||
    table.partitionBy.includes(column) ||
    table.foreignKeys.some(({ columns }) => columns.includes(column)) ||
    model.tables.some(({ foreignKeys }) =>
      foreignKeys.some(({ references }) => references.table === table.name && references.columns.includes(column)),
    )
  )
}

function mustBeValue(table: Table, name: string, value: string, field: string): void {
  const type = table.columns.find((one) => one.name === name)?.type ?? 'varchar'
  try {
    athenaLiteral({ type, value })
  } catch {
    throw new InputError(`That is no value of "${name}", which is ${type}.`, { [field]: `As ${type}.` })
  }
}

/** The second signature. Throws NotFoundError where there is none such or `by` may not, InputError where they made it themselves. */
export async function approveStatement(
  deps: Deps,
  { application, id, by }: { application: string; id: string; by: Actor },
): Promise<Statement> {
  const { actor, signed } = await mustMay(deps, by, ['approve-statements'], 'approve statements about records')
  const read = /^S-[0-9a-f]{32}$/.test(id) ? await readStatement(deps.store, application, id) : undefined
  if (!read) throw new NotFoundError()
  const { statement, sha256 } = read
  if (!needsSecond(statement)) throw new InputError('This statement counts already: it makes no period shorter.')
  if (statement.approved) throw new InputError(`${statement.approved.by} approved this already.`)
  if (statement.signed.by === by.id) throw new InputError('You said this yourself: it needs a second person.')
  if (!(Date.parse(signed.at) >= Date.parse(statement.signed.at)))
    throw new OperatorError('The clock of this machine is before the statement was made. Set it right.')
  const subject = { application, statement: id }
  await inLog(deps, { action: 'statement-approval', actor, subject }, async () => {
    const approval = { id, statement: sha256, signed }
    try {
      await deps.store.create(statementApprovalKey(application, id), `${JSON.stringify(approval, null, 2)}\n`)
    } catch (error) {
      if (error instanceof ConflictError) throw new InputError('Somebody approved this already.')
      throw error
    }
  })
  return { ...statement, approved: signed }
}
