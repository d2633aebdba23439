import { OperatorError } from '@muniment/archive/errors'
import { type IssuerSettings, readSignInSettings } from '@muniment/archive/identity/settings'

/** What a function in AWS is told by its environment; which of them it needs depends on what it does. */
export interface CloudSettings {
  bucket: string
  secretsBucket: string
  workGroup: string
  /** An application's Glue database is this with its name behind it. */
  databasePrefix: string
  issuer: IssuerSettings
  /** As browsers see the application. */
  origin: string
  /** Function that carries out exports. */
  exportsFunction: string
  /** Function that checks the audit log. */
  verifierFunction: string
  /** Key of KMS that signs checkpoints. */
  signingKey: string
  /** Bucket that keeps checkpoints, where there is one. */
  witnessBucket: string | undefined
}

type Names = Record<Exclude<keyof CloudSettings, 'issuer' | 'origin' | 'witnessBucket'>, string>
const names: Names = {
  bucket: 'MUNIMENT_BUCKET',
  secretsBucket: 'MUNIMENT_SECRETS_BUCKET',
  workGroup: 'MUNIMENT_WORKGROUP',
  databasePrefix: 'MUNIMENT_DATABASE_PREFIX',
  exportsFunction: 'MUNIMENT_EXPORTS_FUNCTION',
  verifierFunction: 'MUNIMENT_VERIFIER_FUNCTION',
  signingKey: 'MUNIMENT_SIGNING_KEY',
}

/** Each is read when it is asked for. Throws OperatorError where it is not set. */
export function cloudSettings(env: NodeJS.ProcessEnv = process.env): CloudSettings {
  const needed = (name: string): string => {
    const value = env[name]
    if (!value) throw new OperatorError(`${name} is not set: deploy this function again.`)
    return value
  }
  const signIn = () => {
    const { issuer, origin } = readSignInSettings(env)
    if (!issuer || !origin)
      throw new OperatorError('MUNIMENT_ISSUER or MUNIMENT_ORIGIN is not set: deploy this function again.')
    return { issuer, origin }
  }
  return {
    get bucket() {
      return needed(names.bucket)
    },
    get secretsBucket() {
      return needed(names.secretsBucket)
    },
    get workGroup() {
      return needed(names.workGroup)
    },
    get databasePrefix() {
      return needed(names.databasePrefix)
    },
    get exportsFunction() {
      return needed(names.exportsFunction)
    },
    get verifierFunction() {
      return needed(names.verifierFunction)
    },
    get signingKey() {
      return needed(names.signingKey)
    },
    get issuer() {
      return signIn().issuer
    },
    get origin() {
      return signIn().origin
    },
    witnessBucket: env.MUNIMENT_WITNESS_BUCKET || undefined,
  }
}
