import { OperatorError } from '@muniment/archive/errors'
import { type IssuerSettings, readSignInSettings } from '@muniment/archive/identity/settings'

/** What a function in AWS is told by its environment; which of them it needs depends on what it does. */
const names = {
  bucket: 'MUNIMENT_BUCKET',
  secretsBucket: 'MUNIMENT_SECRETS_BUCKET',
  workGroup: 'MUNIMENT_WORKGROUP',
  /** An application's Glue database is this with its name behind it. */
  databasePrefix: 'MUNIMENT_DATABASE_PREFIX',
  /** Function that carries out exports. */
  exportsFunction: 'MUNIMENT_EXPORTS_FUNCTION',
  /** Function that checks the audit log. */
  verifierFunction: 'MUNIMENT_VERIFIER_FUNCTION',
  /** Keys of KMS that sign checkpoints, oldest first, with commas between. */
  signingKeys: 'MUNIMENT_SIGNING_KEYS',
}

const deployAgain = (what: string) => new OperatorError(`${what} is not set: deploy this function again.`)

/** Throws OperatorError where it is not set. */
export function setting(name: keyof typeof names, env: NodeJS.ProcessEnv = process.env): string {
  const value = env[names[name]]
  if (!value) throw deployAgain(names[name])
  return value
}

/** Where people sign in, and how browsers see the application. Throws OperatorError where it is not set. */
export function signInSetting(env: NodeJS.ProcessEnv = process.env): { issuer: IssuerSettings; origin: string } {
  const { issuer, origin } = readSignInSettings(env)
  if (!issuer || !origin) throw deployAgain('MUNIMENT_ISSUER or MUNIMENT_ORIGIN')
  return { issuer, origin }
}

/** Bucket that keeps checkpoints, where there is one. */
export const witnessBucket = (env: NodeJS.ProcessEnv = process.env): string | undefined =>
  env.MUNIMENT_WITNESS_BUCKET || undefined
