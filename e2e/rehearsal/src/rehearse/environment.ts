import { join } from 'node:path'
import { owner } from '../run/ministack.ts'

export const ENVIRONMENT = 'rehearsal'
export const APPLICATION = 'pas'
/** Of the account that MiniStack plays. */
export const ACCOUNT = '000000000000'

export const ATHENA_VARIABLE = 'REHEARSAL_ATHENA'

/** Of Cognito's sign-in pages, as infra/src/constructs/sign-in.ts names it. */
export const signInHost = `muniment-${ENVIRONMENT}-${ACCOUNT}.auth.${owner.region}.amazoncognito.com`

const functionHere = join(import.meta.dirname, 'function-here.mjs')

/** What functions are told in the rehearsal only: Athena is another program, and Cognito's own address is not on this machine. */
export const functionVariables = (athena: string): Record<string, string> => ({
  AWS_ENDPOINT_URL_ATHENA: athena,
  REHEARSAL_SIGN_IN_PAGES: `https://${signInHost}`,
  NODE_OPTIONS: `--import=${functionHere}`,
})
