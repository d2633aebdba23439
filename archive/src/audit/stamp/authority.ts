import { Certificate } from 'pkijs'
import { InputError } from '../../errors.ts'

const BLOCK = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END/g

/** The certificates in PEM that are believed to issue those of time-stamp authorities. Throws InputError where there is none. */
export function readAuthorities(pem: string): Certificate[] {
  try {
    const found = [...pem.matchAll(BLOCK)].map(([, base64 = '']) => Certificate.fromBER(Buffer.from(base64, 'base64')))
    if (found.length > 0) return found
  } catch (cause) {
    throw new InputError(
      'A certificate of a time-stamp authority cannot be read; it is expected as PEM.',
      {},
      { cause },
    )
  }
  throw new InputError('There is no certificate of a time-stamp authority in this file; it is expected as PEM.')
}
