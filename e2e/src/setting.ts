import { readFileSync } from 'node:fs'

/** Name of the environment variable with the path of an AwsSetting as JSON; without it the setting is the embedded one. */
export const awsVariable = 'MUNIMENT_E2E_AWS'

/** The AWS setting on its stand-ins, for a browser and for requests without one. */
export interface AwsSetting {
  /** As browsers see it: CloudFront's https address. */
  readonly origin: string
  /** The same HTTP API without a browser. */
  readonly api: string
  /** Other origins that pages of the product lead to: sign-in and files. */
  readonly also: readonly string[]
  /** For Chromium's --host-resolver-rules. */
  readonly resolverRules: string
  /** Where tokens are renewed. */
  readonly token: string
  readonly clientId: string
  readonly headers: Readonly<Record<string, string>>
  readonly people: readonly AwsPerson[]
}

export interface AwsPerson {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly password: string
  /** What the second factor's codes are made of. */
  readonly secret: string
  readonly refreshToken: string
}

let read: AwsSetting | undefined

/** Undefined in the embedded setting. */
export function awsSetting(): AwsSetting | undefined {
  const path = process.env[awsVariable]
  if (path) read ??= JSON.parse(readFileSync(path, 'utf8')) as AwsSetting
  return read
}

/** Throws in the embedded setting. */
export function requiredAws(): AwsSetting {
  const found = awsSetting()
  if (found) return found
  throw new Error(`${awsVariable} is not set: \`npm run rehearse\` runs these tests.`)
}

export function personOf({ people }: AwsSetting, name: string): AwsPerson {
  const found = people.find((one) => one.name === name || one.id === name)
  if (found) return found
  throw new Error(`${name} is nobody in Cognito.`)
}
