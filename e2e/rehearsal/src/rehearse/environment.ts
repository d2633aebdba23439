import { join } from 'node:path'

export const ENVIRONMENT = 'rehearsal'
export const APPLICATION = 'pas'
/** Of the account that MiniStack plays. */
export const ACCOUNT = '000000000000'

export const ATHENA_VARIABLE = 'REHEARSAL_ATHENA'

const providerHere = join(import.meta.dirname, 'provider-here.mjs')

/** What functions are told in the rehearsal only: Athena is another program, and Cognito's own address is not on this machine. */
export const functionVariables = (athena: string): Record<string, string> => ({
  AWS_ENDPOINT_URL_ATHENA: athena,
  NODE_OPTIONS: `--import=${providerHere}`,
})
