import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms'
import { OperatorError } from '../../errors.ts'
import type { Signer } from './port.ts'

/** Of SubjectPublicKeyInfo for Ed25519 (RFC 8410), before the 32 bytes of the key. */
const prefix = Buffer.from('302a300506032b6570032100', 'hex')

/** Signs with a key of KMS (ECC_NIST_EDWARDS25519) that never leaves it. `name` is the log's, the same after a rotation. */
export async function openKmsSigner(kms: KMSClient, key: string, name: string): Promise<Signer> {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: key }))
  const der = Buffer.from(PublicKey ?? [])
  if (der.length !== prefix.length + 32 || !der.subarray(0, prefix.length).equals(prefix))
    throw new OperatorError('The signing key of the log is no Ed25519 key: KMS calls such a key ECC_NIST_EDWARDS25519.')
  return {
    name,
    publicKey: der.subarray(prefix.length),
    async sign(bytes) {
      const { Signature } = await kms.send(
        new SignCommand({ KeyId: key, Message: bytes, MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512' }),
      )
      return Buffer.from(Signature ?? [])
    },
  }
}
