import { canonicalJson, sha256Hex } from '@muniment/archive/audit/canonical'
import { isSignature, keyId, readVerifierLine, strictBase64 } from '@muniment/archive/audit/keys/note'
import type { Signer } from '@muniment/archive/audit/keys/port'
import { z } from 'zod'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const moment = z.iso.datetime()
const count = z.int().nonnegative()
const person = z.strictObject({ by: z.string(), at: moment })

/** What a certificate says: no key, no name and no value of a record. */
export const CertificateStatement = z.strictObject({
  format: z.literal('muniment-certificate-1'),
  run: z.string(),
  application: z.string(),
  domain: z.string(),
  /** Last day that counted as past when it was planned. */
  asOf: z.iso.date(),
  planned: person,
  approved: person.extend({ hash }),
  executed: z.strictObject({ begun: moment, finished: moment }),
  verified: z.strictObject({ at: moment, objects: count, keys: count }),
  certified: moment,
  schedules: z.strictObject({
    version: z.int().positive(),
    sha256: hash,
    authorities: z.array(
      z.strictObject({
        schedule: z.string(),
        title: z.string(),
        law: z.string(),
        article: z.string().optional(),
        jurisdiction: z.string(),
        records: count,
      }),
    ),
  }),
  /** Records and rows destroyed, by class. */
  classes: z.record(z.string(), z.strictObject({ records: count, rows: count })),
  /** Rows destroyed, and the file of the keyed hashes of their keys. */
  tables: z.record(
    z.string(),
    z.strictObject({ rows: count, destroyed: z.strictObject({ key: z.string(), sha256: hash, hashes: count }) }),
  ),
  objects: z.strictObject({ rewritten: count, removed: count }),
  /** Rows on the list that were kept because of a hold. */
  held: count,
  keys: z.strictObject({ algorithm: z.literal('HMAC-SHA256'), year: z.int() }),
  /** The lists that were approved: they are gone, and these were their hashes. */
  lists: z.record(z.string(), z.strictObject({ sha256: hash, rows: count })),
  remains: z.array(z.strictObject({ what: z.string(), why: z.string() })),
  log: z.strictObject({
    name: z.string(),
    entries: z.array(z.strictObject({ action: z.string(), id: z.string() })),
    proof: z.string(),
  }),
})
export type CertificateStatement = z.infer<typeof CertificateStatement>

/** `certificate.json`: the statement as the text that was signed. */
export const Certificate = z.strictObject({
  format: z.literal('muniment-certificate-1'),
  /** Canonical JSON (RFC 8785) of CertificateStatement, in UTF-8. */
  statement: z.string(),
  signature: z.strictObject({
    algorithm: z.literal('Ed25519'),
    /** Name of the key as the audit log's verifier line has it, and its id. */
    name: z.string(),
    id: z.string(),
    /** 32 bytes, base64; to be compared with one that is believed. */
    publicKey: z.string(),
    /** 64 bytes, base64, over the bytes of `statement`. */
    value: z.string(),
  }),
})
export type Certificate = z.infer<typeof Certificate>

export async function signCertificate(said: CertificateStatement, signer: Signer): Promise<Certificate> {
  const statement = canonicalJson(CertificateStatement.parse(said))
  return {
    format: 'muniment-certificate-1',
    statement,
    signature: {
      algorithm: 'Ed25519',
      name: signer.name,
      id: keyId(signer.name, signer.publicKey),
      publicKey: signer.publicKey.toString('base64'),
      value: (await signer.sign(Buffer.from(statement))).toString('base64'),
    },
  }
}

export interface CheckedCertificate {
  statement?: CertificateStatement
  /** Sentences; none: it holds. */
  problems: string[]
}

/**
 * Checks a certificate with the public keys that are believed (verifier lines) and, by key, the files that it names. Needs nothing else:
 * no archive, no network.
 */
export function checkCertificate(
  json: Buffer | string,
  verifierLines: readonly string[],
  files: ReadonlyMap<string, Buffer>,
): CheckedCertificate {
  let certificate: Certificate
  try {
    certificate = Certificate.parse(JSON.parse(json.toString()))
  } catch {
    return { problems: ['This is no certificate.'] }
  }
  const { name, id, value } = certificate.signature
  const known = verifierLines
    .flatMap((line) => readVerifierLine(line.trim()) ?? [])
    .find((one) => one.name === name && one.id === id)
  if (!known) return { problems: [`It is signed by ${name} (${id}), which is none of the keys that are believed.`] }
  const signature = strictBase64(value)
  if (
    known.publicKey.toString('base64') !== certificate.signature.publicKey ||
    !signature ||
    !isSignature(certificate.statement, signature, known.publicKey)
  )
    return { problems: ['Its signature is not good: it was altered, or another key signed it.'] }
  const parsed = CertificateStatement.safeParse(parseJson(certificate.statement))
  if (!parsed.success) return { problems: ['What was signed is no statement of a certificate.'] }
  const problems: string[] = []
  for (const [table, { rows, destroyed }] of Object.entries(parsed.data.tables)) {
    const body = files.get(destroyed.key)
    if (!body) problems.push(`${destroyed.key}, the hashes of keys of ${table}, is missing.`)
    else if (sha256Hex(body) !== destroyed.sha256 || body.length !== destroyed.hashes * 32)
      problems.push(`${destroyed.key} is not as it was certified.`)
    if (destroyed.hashes > rows) problems.push(`${table} names more keys than rows.`)
  }
  const rows = (counts: Record<string, { rows: number }>) =>
    Object.values(counts).reduce((sum, one) => sum + one.rows, 0)
  if (rows(parsed.data.tables) !== rows(parsed.data.classes))
    problems.push('Its counts by class and by table are not of the same rows.')
  return { statement: parsed.data, problems }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
