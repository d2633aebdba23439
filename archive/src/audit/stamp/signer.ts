import { createHash } from 'node:crypto'
import { OctetString, Sequence } from 'asn1js'
import { BasicConstraints, type Certificate, ExtKeyUsage, type SignerInfo } from 'pkijs'
import { TimeStampError } from '../errors.ts'

const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'
const EXTENDED_KEY_USAGE = '2.5.29.37'
const BASIC_CONSTRAINTS = '2.5.29.19'
const CONTENT_TYPE = '1.2.840.113549.1.9.3'
const TST_INFO = '1.2.840.113549.1.9.16.1.4'
/** ESSCertID (RFC 2634), which is SHA-1 always, and ESSCertIDv2 (RFC 5816), whose hash is SHA-256 unless it says another. */
const SIGNING_CERTIFICATE = { '1.2.840.113549.1.9.16.2.12': 'sha1', '1.2.840.113549.1.9.16.2.47': 'sha256' } as const
const HASHES: Record<string, string> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

/** Whether the certificate is one for time stamps alone (RFC 3161, 2.3), and was in force then. Throws TimeStampError. */
export function checkSigner(certificate: Certificate, at: Date): void {
  const usage = certificate.extensions?.find(({ extnID }) => extnID === EXTENDED_KEY_USAGE)
  const purposes = usage?.parsedValue instanceof ExtKeyUsage ? usage.parsedValue.keyPurposes : []
  if (!usage?.critical || purposes.length !== 1 || purposes[0] !== TIME_STAMPING)
    throw new TimeStampError('The certificate that signed it is not one for time stamps alone (extended key usage).')
  if (at < certificate.notBefore.value || at > certificate.notAfter.value)
    throw new TimeStampError(
      `The certificate that signed it was not in force at ${at.toISOString()}, but from ` +
        `${certificate.notBefore.value.toISOString()} to ${certificate.notAfter.value.toISOString()}.`,
    )
}

/** What is signed beside the digest: that it is of a time stamp, and of which certificate. Throws TimeStampError. */
export function checkAttributes({ signedAttrs, digestAlgorithm }: SignerInfo, certificate: Certificate): void {
  if (!(digestAlgorithm.algorithmId in HASHES))
    throw new TimeStampError(`It is signed over a hash that is not taken for safe (${digestAlgorithm.algorithmId}).`)
  const attributes = signedAttrs?.attributes ?? []
  const type: unknown = attributes.find((one) => one.type === CONTENT_TYPE)?.values[0]
  if (String((type as { getValue?: () => string } | undefined)?.getValue?.()) !== TST_INFO)
    throw new TimeStampError('What is signed does not say that it is a time stamp.')
  const der = Buffer.from(certificate.toSchema().toBER())
  const named = attributes.flatMap((one) =>
    Object.entries(SIGNING_CERTIFICATE).flatMap(([id, hash]) =>
      one.type === id ? [namesCertificate(one.values[0], hash, der)] : [],
    ),
  )
  if (named.length === 0 || named.includes(false))
    throw new TimeStampError('What is signed does not name the certificate that comes with it.')
}

/** SEQUENCE { SEQUENCE OF SEQUENCE { [hash algorithm], hash OCTET STRING, ... } }: the first is of the signer. */
function namesCertificate(value: unknown, usual: string, der: Buffer): boolean {
  const first = children(children(children(value)[0])[0])
  const hash = first.find((one) => one instanceof OctetString)
  const algorithm = first[0] instanceof Sequence ? children(first[0])[0] : undefined
  const id = (algorithm as { getValue?: () => unknown } | undefined)?.getValue?.()
  const name = id === undefined ? usual : HASHES[String(id)]
  if (!hash || name === undefined) return false
  return createHash(name).update(der).digest().equals(Buffer.from(hash.valueBlock.valueHexView))
}

const children = (value: unknown): unknown[] => (value instanceof Sequence ? value.valueBlock.value : [])

/** How many authorities may stand between one and the signer, which PKI.js does not look at. `path`: from the signer on. */
export function checkPathLengths(path: readonly Certificate[]): void {
  for (const [place, { extensions }] of path.entries()) {
    const basic = extensions?.find(({ extnID }) => extnID === BASIC_CONSTRAINTS)?.parsedValue
    const most = basic instanceof BasicConstraints ? basic.pathLenConstraint : undefined
    if (place > 0 && most !== undefined && (typeof most !== 'number' || most < place - 1))
      throw new TimeStampError('An authority on the way to its signer may not have that many below it.')
  }
}
