import { randomBytes } from 'node:crypto'
import { OperatorError } from '../../errors.ts'
import { ConflictError } from '../../store/errors.ts'
import type { ObjectStore } from '../../store/port.ts'
import { readVerifierLine, verifierLine } from './note.ts'
import type { Signer } from './port.ts'

const nameKey = 'log-name.txt'
const folder = 'verifiers/'
const keyOf = ({ publicKey }: Pick<Signer, 'publicKey'>) => `${folder}${publicKey.toString('hex')}.txt`

/** The log's name, made when first asked for; every process gets the same. */
export async function logNameIn(store: ObjectStore): Promise<string> {
  const there = await store.get(nameKey)
  const name = (
    there?.body.toString() ?? (await first(store, nameKey, `muniment/${randomBytes(8).toString('hex')}`))
  ).trim()
  if (/^[^\s+]+$/u.test(name)) return name
  throw new OperatorError(`${nameKey} beside the keys of the log does not hold its name.`)
}

/** Keeps the verifier line of a key that is to sign, so that what it signed can be checked after it was exchanged. */
export async function announceKey(store: ObjectStore, signer: Signer): Promise<void> {
  const line = verifierLine(signer)
  if (!(await isAnnounced(store, signer))) await first(store, keyOf(signer), `${line}\n`)
}

export const isAnnounced = async (store: ObjectStore, signer: Pick<Signer, 'publicKey'>): Promise<boolean> =>
  (await store.head(keyOf(signer))) !== undefined

/** All keys that ever were to sign here, as verifier lines. */
export async function announcedKeys(store: ObjectStore): Promise<string[]> {
  const lines: { line: string; at: number }[] = []
  for await (const { key, modified } of store.list(folder)) {
    const line = (await store.get(key))?.body.toString().trim()
    if (line && readVerifierLine(line)) lines.push({ line, at: modified.getTime() })
  }
  return lines.sort((one, other) => one.at - other.at).map(({ line }) => line)
}

async function first(store: ObjectStore, key: string, text: string): Promise<string> {
  try {
    await store.create(key, text)
    return text
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    const theirs = await store.get(key)
    if (!theirs) throw error
    return theirs.body.toString()
  }
}
