/** What functions are told by their environment. Sign-in's names are those of the embedded setting. */
import {
  AUDIENCE_CLAIM_VARIABLE,
  AUDIENCE_VARIABLE,
  CLIENT_ID_VARIABLE,
  GROUPS_CLAIM_VARIABLE,
  ISSUER_VARIABLE,
  ORIGIN_VARIABLE,
  SCOPE_VARIABLE,
  TOKEN_TYPE_VARIABLE,
} from '@muniment/archive/identity/settings'

export interface Told {
  readonly bucket: string
  readonly secretsBucket: string
  readonly witnessBucket: string
  readonly workgroup: string
  /** A database is this and the application. */
  readonly databasePrefix: string
  /** ARNs, oldest first. */
  readonly signingKeys: readonly string[]
  readonly exportsFunction: string
  readonly verifierFunction: string
  readonly issuer: string
  readonly clientId: string
  /** As browsers see it: https:// and the host. */
  readonly origin: string
}

export const variablesOf = (told: Told): Record<string, string> => ({
  MUNIMENT_BUCKET: told.bucket,
  MUNIMENT_SECRETS_BUCKET: told.secretsBucket,
  MUNIMENT_WITNESS_BUCKET: told.witnessBucket,
  MUNIMENT_WORKGROUP: told.workgroup,
  MUNIMENT_DATABASE_PREFIX: told.databasePrefix,
  MUNIMENT_SIGNING_KEYS: told.signingKeys.join(','),
  MUNIMENT_EXPORTS_FUNCTION: told.exportsFunction,
  MUNIMENT_VERIFIER_FUNCTION: told.verifierFunction,
  [ISSUER_VARIABLE]: told.issuer,
  [CLIENT_ID_VARIABLE]: told.clientId,
  // Cognito's access tokens name the client, and no audience.
  [AUDIENCE_VARIABLE]: told.clientId,
  [AUDIENCE_CLAIM_VARIABLE]: 'client_id',
  [TOKEN_TYPE_VARIABLE]: 'any',
  [GROUPS_CLAIM_VARIABLE]: 'cognito:groups',
  [SCOPE_VARIABLE]: 'openid profile',
  [ORIGIN_VARIABLE]: told.origin,
})
