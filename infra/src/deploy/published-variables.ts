import { SettingsError } from '../errors.ts'
import { namesOf } from '../names.ts'
import type { EnvironmentSettings } from '../settings.ts'

type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What the command line is told of an environment: cli/src/cloud-settings.ts. Throws SettingsError where a stack did not say it. */
export function commandVariables(
  name: string,
  { applications }: EnvironmentSettings,
  outputs: Outputs,
): Record<string, string> {
  const { base } = namesOf(name)
  const of = (stack: 'archive' | 'service', output: string): string => {
    const value = outputs[`${base}-${stack}`]?.[output]
    if (value) return value
    throw new SettingsError(`The stack ${base}-${stack} has no output ${output}: was it deployed by another version?`)
  }
  return {
    MUNIMENT_BUCKET: of('archive', 'ArchiveBucket'),
    MUNIMENT_SECRETS_BUCKET: of('archive', 'SecretsBucket'),
    MUNIMENT_DATABASE_PREFIX: of('archive', 'DatabasePrefix'),
    MUNIMENT_WEB_BUCKET: of('service', 'WebBucket'),
    MUNIMENT_DISTRIBUTION: of('service', 'DistributionId'),
    MUNIMENT_APPLICATIONS: applications.join(','),
  }
}

export const asFile = (variables: Readonly<Record<string, string>>, region: string): string =>
  `${Object.entries({ ...variables, AWS_REGION: region })
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`

/** The address, and what the next commands need. */
export function addressesOf(name: string, outputs: Outputs): { readonly origin: string; readonly pool: string } {
  const service = outputs[`${namesOf(name).base}-service`]
  return { origin: service?.Origin ?? '', pool: service?.UserPoolId ?? '' }
}
