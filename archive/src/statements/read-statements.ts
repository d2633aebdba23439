import { canonicalJson, sha256Hex } from '../audit/canonical.ts'
import { OperatorError } from '../errors.ts'
import { statementApprovalKey, statementApprovalPrefix, statementKey, statementPrefix } from '../layout.ts'
import type { ObjectStore } from '../store/port.ts'
import { Statement } from './types.ts'

/** The second signature, as it is kept: it names the statement's bytes, so that it is of no other. */
export const StatementApproval = Statement.pick({ id: true })
  .extend({ statement: Statement.shape.id, signed: Statement.shape.signed })
  .strict()

export interface ReadStatements {
  /** In the order of their ids, each with the second signature where there is one. */
  statements: Statement[]
  /** Over all of them and their approvals. */
  hash: string
}

function damaged(key: string, why: string, cause?: unknown): OperatorError {
  return new OperatorError(
    `The statement ${key} cannot be trusted: it ${why}. Nothing is destroyed until the operator has restored it from a copy of the bucket.`,
    { cause },
  )
}

/** Throws OperatorError for one that is none. */
export async function readStatement(
  store: ObjectStore,
  application: string,
  id: string,
): Promise<{ statement: Statement; sha256: string } | undefined> {
  const key = statementKey(application, id)
  const object = await store.get(key)
  if (!object) return undefined
  let statement: Statement
  try {
    statement = Statement.parse(JSON.parse(object.body.toString()))
  } catch (error) {
    throw damaged(key, 'cannot be read', error)
  }
  const { approved, ...said } = statement
  if (statement.id !== id || statement.application !== application) throw damaged(key, 'is another one')
  if (approved) throw damaged(key, 'brought its approval along')
  if (id !== statementId(said)) throw damaged(key, 'is not as it was written')
  const sha256 = sha256Hex(object.body)
  const approvalKey = statementApprovalKey(application, id)
  const approval = await store.get(approvalKey)
  if (!approval) return { statement, sha256 }
  try {
    const { id: of, statement: hash, signed } = StatementApproval.parse(JSON.parse(approval.body.toString()))
    if (of !== id || hash !== sha256) throw new Error('it approves another statement')
    if (signed.by === statement.signed.by) throw new Error('it was signed by one person twice')
    return { statement: { ...statement, approved: signed }, sha256: sha256Hex(sha256 + sha256Hex(approval.body)) }
  } catch (error) {
    throw damaged(approvalKey, 'cannot be read, or approves something else', error)
  }
}

/** From all that it says: whoever approves an id approves exactly this. */
export function statementId({ id: _, ...said }: Statement): string {
  return `S-${sha256Hex(canonicalJson(said)).slice(0, 32)}`
}

/** All of an application. Throws OperatorError where any was altered. */
export async function readStatements(store: ObjectStore, application: string): Promise<ReadStatements> {
  const prefix = statementPrefix(application)
  const approvals = statementApprovalPrefix(application)
  const statements: Statement[] = []
  const hashes: string[] = []
  const approved = new Set<string>()
  for await (const { key } of store.list(prefix)) {
    if (key.startsWith(approvals)) {
      approved.add(key)
      continue
    }
    const id = /^(S-[0-9a-f]{32})\.json$/.exec(key.slice(prefix.length))?.[1]
    const read = id === undefined ? undefined : await readStatement(store, application, id)
    if (!read) throw damaged(key, 'is none that this product writes, or is gone')
    statements.push(read.statement)
    hashes.push(read.sha256)
    approved.delete(statementApprovalKey(application, read.statement.id))
  }
  const known = new Set(statements.map(({ id }) => statementApprovalKey(application, id)))
  for (const key of approved) if (!known.has(key)) throw damaged(key, 'approves a statement that is not there')
  return { statements, hash: sha256Hex(hashes.join('\n')) }
}
