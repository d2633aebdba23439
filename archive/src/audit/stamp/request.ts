import { randomBytes } from 'node:crypto'
import { Integer, Null, OctetString } from 'asn1js'
import { AlgorithmIdentifier, MessageImprint, TimeStampReq } from 'pkijs'
import { sha256 } from '../canonical.ts'

export const SHA256 = '2.16.840.1.101.3.4.2.1'

/** A TimeStampReq (RFC 3161) for these bytes. `nonce`: what the reply must repeat, which shows that it is no older one. */
export function timeStampRequest(data: Buffer): { body: Buffer; nonce: Buffer } {
  const nonce = randomBytes(16)
  // Positive, and as short as DER wants it.
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: SHA256, algorithmParams: new Null() }),
      hashedMessage: new OctetString({ valueHex: sha256(data) }),
    }),
    nonce: new Integer({ valueHex: nonce }),
    certReq: true,
  })
  return { body: Buffer.from(request.toSchema().toBER()), nonce }
}
