import { OperatorError } from '@muniment/archive/errors'

/** Where it is set, commands that can work on a bucket work on it. */
export const BUCKET_VARIABLE = 'MUNIMENT_BUCKET'
const SECRETS_VARIABLE = 'MUNIMENT_SECRETS_BUCKET'
const DATABASES_VARIABLE = 'MUNIMENT_DATABASE_PREFIX'
const CRAWLERS_VARIABLE = 'MUNIMENT_CRAWLERS'
const APPLICATIONS_VARIABLE = 'MUNIMENT_APPLICATIONS'
const WEB_VARIABLE = 'MUNIMENT_WEB_BUCKET'
const DISTRIBUTION_VARIABLE = 'MUNIMENT_DISTRIBUTION'

/** What a command is told of the AWS setting; the functions there read the same names. */
export interface CommandCloud {
  bucket: string
  secretsBucket: string
  database: (application: string) => string
  /** Of Athena. */
  workGroup: string
  /** Of the crawler of a table, as infra/ names it; undefined where there are none and ours writes the tables. */
  crawler: ((application: string, table: string) => string) | undefined
  /** Of a function, as infra/ names it. */
  lambda: (name: string) => string
  /** Those that are deployed, where that is said. */
  applications: readonly string[] | undefined
  /** Bucket of the web application's files. */
  webBucket: string | undefined
  /** Of CloudFront. */
  distribution: string | undefined
}

export const isForCloud = (env: NodeJS.ProcessEnv = process.env): boolean => Boolean(env[BUCKET_VARIABLE])

/** Throws OperatorError where something is not set, or is set to nothing that it can be. */
export function readCommandCloud(env: NodeJS.ProcessEnv = process.env): CommandCloud {
  const needed = (name: string): string => {
    const value = env[name]
    if (value) return value
    throw new OperatorError(`${name} is not set. It is among what a deployment prints: docs/aws-loading.md.`)
  }
  const prefix = needed(DATABASES_VARIABLE)
  const crawlers = env[CRAWLERS_VARIABLE] || 'glue'
  if (crawlers !== 'glue' && crawlers !== 'own')
    throw new OperatorError(`${CRAWLERS_VARIABLE}=${crawlers} is neither "glue" nor "own".`)
  return {
    bucket: needed(BUCKET_VARIABLE),
    secretsBucket: needed(SECRETS_VARIABLE),
    database: (application) => `${prefix}${application}`,
    workGroup: prefix.replaceAll('_', '-').replace(/-$/, ''),
    crawler:
      crawlers === 'own' ? undefined : (application, table) => `${prefix.replaceAll('_', '-')}${application}-${table}`,
    lambda: (name) => `${prefix.replaceAll('_', '-')}${name}`,
    applications: env[APPLICATIONS_VARIABLE]?.split(',').flatMap((name) => name.trim() || []),
    webBucket: env[WEB_VARIABLE] || undefined,
    distribution: env[DISTRIBUTION_VARIABLE] || undefined,
  }
}
