import { InputError } from '../../errors.ts'
import type { ObjectStore } from '../../store/port.ts'
import { LogDamageError } from '../errors.ts'
import { readNote, readVerifierLine, verifierLine } from '../keys/note.ts'
import type { StreamKey } from '../keys/port.ts'
import { AUDIT, checkpointKey } from '../paths.ts'
import { isFinished } from '../seal/finish.ts'
import { newestSeal, readSeal } from '../seal/seal-file.ts'
import type { Witness } from '../seal/witness.ts'
import { readAuthorities } from '../stamp/authority.ts'
import { hiddenFiles } from './hidden.ts'
import { checkLeftovers } from './leftovers.ts'
import { checkMarks } from './marks.ts'
import { readOlder } from './older.ts'
import { createPairs } from './pairs.ts'
import { createFindings, type Report } from './report.ts'
import { checkRulesHeld, keysOfRules } from './rules.ts'
import { checkSeals } from './seals.ts'
import { checkStamps } from './stamps.ts'
import { checkTree } from './tree.ts'
import { createTrust } from './trust.ts'
import type { Verification } from './verification.ts'
import { sentences } from './words.ts'

export interface VerifyOptions {
  store: ObjectStore
  /** Verifier lines (`name+id+key`) of keys that are believed; who has only an old one is led to the newer ones by the log. */
  publicKeys: string[]
  /** Checkpoints that were kept from earlier. */
  older?: string[]
  witnesses?: Witness[]
  /** Holds `access/` of the store against the log too. */
  rules?: boolean
  /** Certificates in PEM that must have issued those of whoever signed time stamps. */
  authorities?: string[]
  /** By which the age of time stamps is told. */
  clock?: () => Date
  /** Stays with the one who runs the log; with it, it is checked that the log's own processes wrote the streams. */
  streamKey?: StreamKey
  /** Folder of the store, where that is one: names that are no objects are looked for too. */
  folder?: string
  /** Called now and then with the number of entries looked at. */
  onProgress?: (entries: number) => void
}

/**
 * Checks a log by its files alone: nothing but `audit/` is read, and `access/` where `rules` says so. Reads it once, with memory for the actions that are open, the streams, and 16 bytes a
 * seal. Throws only where a file cannot be read or no key is given; what is wrong with the log is in the report.
 */
export async function verify(options: VerifyOptions): Promise<Report> {
  const { store, publicKeys, older = [], witnesses = [], streamKey, folder, onProgress = () => {} } = options
  const { rules = false, authorities: given = [], clock = () => new Date() } = options
  const authorities = given.length > 0 ? given.flatMap(readAuthorities) : undefined
  const keys = publicKeys.map((line) => readVerifierLine(line.trim()))
  const known = keys.filter((key) => key !== undefined)
  if (known.length === 0 || known.length < keys.length)
    throw new InputError('A public key is one line, as `muniment audit key` prints it: name+id+key.')

  const findings = createFindings()
  const marks = checkMarks(streamKey)
  const report: Report = {
    ok: false,
    checked: [],
    findings: findings.findings,
    counts: findings.counts,
    covered: { entries: 0, seals: 0 },
    marks: marks.marks,
    actions: 0,
    uncovered: { entries: 0 },
    timeStamps: { count: 0, authority: authorities !== undefined, waiting: 0 },
    compared: [],
  }
  try {
    await run()
    // Nothing of ours gives an id twice: unlike the other odd things this is somebody's doing.
    report.ok = findings.counts['second-opening'] === undefined
  } catch (error) {
    if (!(error instanceof LogDamageError)) throw error
    const message = error.message.slice(error.file.length + 2)
    report.wrong = { file: error.file, ...(error.entry !== undefined && { entry: error.entry }), message }
  }
  report.checked = sentences(report)
  return report

  async function run() {
    const kept = await readOlder(older, witnesses)
    const newest = await newestSeal(store)
    const signed = newest > 0 && (await isFinished(store, newest)) ? newest : newest - 1
    const tree = checkTree(store, signed > 0 ? ((await readSeal(store, signed))?.seal.size ?? 0) : 0)
    const trust = createTrust(known)
    const pairs = createPairs(findings)
    const [sizes, times]: [number[], number[]] = [[], []]
    const verification: Verification = {
      store,
      heads: new Map(),
      tree,
      trust,
      marks,
      pairs,
      findings,
      origin: {},
      sizes,
      times,
      oldest: Number.POSITIVE_INFINITY,
      rules: rules ? checkRulesHeld(store, await keysOfRules(store)) : undefined,
      stamps: checkStamps(store, authorities, { findings, sizes, times }),
      unknown: [],
      signed: undefined,
      async take(file, entry, bytes) {
        trust.take(entry, tree.size())
        pairs.take(entry)
        verification.rules?.take(entry)
        if (entry.kind !== 'seal') verification.oldest = Math.min(verification.oldest, Date.parse(entry.at))
        await tree.append(file, bytes)
        kept.at(tree.size(), tree.root)
        if (tree.size() % 10_000 === 0) onProgress(tree.size())
      },
    }
    kept.at(0, tree.root)
    await checkSeals(verification, newest)
    const { signed: last, unknown } = verification
    report.covered = {
      entries: last?.size ?? 0,
      seals: last?.number ?? 0,
      ...(last && { root: last.root.toString('hex'), at: last.at }),
    }
    if (last) report.covered.key = checkSigner(verification, last)
    trust.lookBack()
    for (const number of unknown) await checkEarlier(verification, number)
    if (folder !== undefined)
      for await (const name of hiddenFiles(folder)) throw new LogDamageError(name, 'this is no file of the log.')
    report.uncovered = await checkLeftovers(verification, newest)
    report.uncovered.entries += tree.size() - (last?.size ?? 0)
    if (verification.rules) report.rules = await verification.rules.finish()
    report.timeStamps = verification.stamps.finish(clock())
    report.compared = kept.finish(last?.size ?? 0, last ? verification.origin.name : known[0]?.name, trust)
    if (newest === 0 && report.uncovered.entries === 0)
      throw new LogDamageError(AUDIT, 'there is no log here: no entry and no checkpoint.')
    report.actions = pairs.actions()
    pairs.finish()
  }
}

/** Verifier line of the believed key that signed the newest checkpoint. */
function checkSigner({ trust, findings }: Verification, last: NonNullable<Verification['signed']>): string {
  const key = checkpointKey(last.number)
  const [signer] = trust.signers(last.note) ?? []
  if (!signer)
    throw new LogDamageError(key, 'it is not signed by one of the keys that were given, nor by one that those lead to.')
  const replaced = trust.replacedAt(signer)
  if (replaced !== undefined && replaced < last.size - 1)
    findings.add({
      kind: 'replaced-key',
      of: key,
      at: last.at,
      message: `The newest checkpoint is signed with a key that entry ${replaced} of the log replaced.`,
    })
  return verifierLine(signer)
}

/** A checkpoint from before the keys that were given. */
async function checkEarlier({ store, trust }: Verification, number: number): Promise<void> {
  const key = checkpointKey(number)
  const note = readNote((await store.get(key))?.body.toString() ?? '')
  if (!note || !trust.signers(note)?.length)
    throw new LogDamageError(key, 'it is not signed by one of the keys that were given, nor by one that led to those.')
}
