import { fromBER } from 'asn1js'
import { type Certificate, ContentInfo, SignedData, TimeStampResp, TSTInfo } from 'pkijs'
import { sha256 } from '../canonical.ts'
import { TimeStampError } from '../errors.ts'
import { SHA256 } from './request.ts'
import { checkAttributes, checkPathLengths, checkSigner } from './signer.ts'

const TST_INFO = '1.2.840.113549.1.9.16.1.4'
const COMMON_NAME = '2.5.4.3'

export interface TimeStamp {
  at: Date
  /** Common name in the certificate of who signed it. */
  by: string
}

interface Expected {
  /** What is stamped. */
  data: Buffer
  /** Of the request that this answers. */
  nonce?: Buffer | undefined
  /** Without them it is consistent in itself, and whoever signed it may be anybody. */
  authorities?: readonly Certificate[] | undefined
}

/**
 * Checks a TimeStampResp (RFC 3161): granted, of these bytes, signed by a certificate for time stamps that was in force then and, where
 * authorities are given, was issued by one of them. Whether it was revoked is not asked. Throws TimeStampError.
 */
export async function checkTimeStamp(reply: Buffer, { data, nonce, authorities }: Expected): Promise<TimeStamp> {
  try {
    const { signed, info } = readReply(reply)
    const { messageImprint } = info
    if (
      messageImprint.hashAlgorithm.algorithmId !== SHA256 ||
      !sha256(data).equals(Buffer.from(messageImprint.hashedMessage.getValue()))
    )
      throw new TimeStampError('It is of something else: its hash is not that of these bytes.')
    if (nonce && !(info.nonce && nonce.equals(Buffer.from(info.nonce.valueBlock.valueHexView))))
      throw new TimeStampError('It does not repeat the nonce of the request: it may be the reply to another one.')
    const signer = await checkSignature(signed, data, authorities)
    checkSigner(signer, info.genTime)
    return { at: info.genTime, by: commonName(signer) }
  } catch (cause) {
    if (cause instanceof TimeStampError) throw cause
    throw new TimeStampError(`It cannot be read: ${cause instanceof Error ? cause.message : 'no time stamp'}`, {
      cause,
    })
  }
}

function readReply(reply: Buffer): { signed: SignedData; info: TSTInfo } {
  const { offset, result } = fromBER(reply)
  if (offset !== reply.length) throw new TimeStampError('It is no reply of a time-stamp authority.')
  const { status, timeStampToken: token } = new TimeStampResp({ schema: result })
  // 0: granted, 1: granted with modifications, which the checks here decide on.
  if (status.status > 1 || !token) {
    const said = status.statusStrings?.map((text) => text.getValue()).join('; ')
    throw new TimeStampError(`The authority refused, with status ${status.status}${said ? `: ${said}` : ''}.`)
  }
  if (token.contentType !== ContentInfo.SIGNED_DATA) throw new TimeStampError('It is not signed.')
  const signed = new SignedData({ schema: token.content })
  const { eContentType, eContent } = signed.encapContentInfo
  if (eContentType !== TST_INFO || !eContent || signed.signerInfos.length !== 1)
    throw new TimeStampError('It is no time stamp of one signer.')
  // Revocation is not looked at: lists that come along would be asked for everything.
  delete signed.crls
  delete signed.ocsps
  return { signed, info: TSTInfo.fromBER(eContent.getValue()) }
}

/** Gives who signed. */
async function checkSignature(
  signed: SignedData,
  data: Buffer,
  authorities: readonly Certificate[] | undefined,
): Promise<Certificate> {
  const checked = await signed
    .verify({
      signer: 0,
      data: new Uint8Array(data).buffer,
      extendedMode: true,
      ...(authorities && { checkChain: true, trustedCerts: [...authorities] }),
    })
    .catch((cause: unknown) => {
      throw new TimeStampError(cause instanceof Error ? cause.message : 'Its signature cannot be checked.', { cause })
    })
  const { signatureVerified, signerCertificate, certificatePath } = checked
  const [info] = signed.signerInfos
  if (!signatureVerified || !signerCertificate || !info) throw new TimeStampError('Its signature is wrong.')
  checkAttributes(info, signerCertificate)
  checkPathLengths(certificatePath)
  return signerCertificate
}

function commonName({ subject }: Certificate): string {
  const name: unknown = subject.typesAndValues.find(({ type }) => type === COMMON_NAME)?.value.valueBlock.value
  return typeof name === 'string' && name !== '' ? name : 'a signer without a name'
}
