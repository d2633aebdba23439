import { readFile } from 'node:fs/promises'
import type { TimeStampSettings } from '@muniment/api/governance'
import { readAuthorityAddress } from '@muniment/archive/audit/stamp/ask'
import { readAuthorities } from '@muniment/archive/audit/stamp/authority'
import { OperatorError } from '@muniment/archive/errors'
import type { Settings } from './settings.ts'

/** The certificates in a file, as PEM. Throws InputError where it holds none, OperatorError where it cannot be read. */
export async function readCertificates(file: string): Promise<string> {
  let pem: string
  try {
    pem = await readFile(file, 'utf8')
  } catch (cause) {
    throw new OperatorError(`The certificates of the time-stamp authority, ${file}, cannot be read.`, { cause })
  }
  readAuthorities(pem)
  return pem
}

/** Who stamps checkpoints here; undefined where no address is configured or given. Throws before anything is begun with it. */
export async function readTimeStamps(
  { timeStamps, timeStampAuthority: file }: Settings,
  address = timeStamps,
): Promise<TimeStampSettings | undefined> {
  if (address === undefined) return undefined
  return {
    address: readAuthorityAddress(address),
    ...(file !== undefined && { certificates: await readCertificates(file) }),
  }
}
