import { parseArgs } from 'node:util'
import { SettingsError } from '../errors.ts'

export interface DeployOptions {
  readonly env: string
  /** Asks nothing. */
  readonly yes: boolean
  readonly publish: boolean
  /** Asks nothing of AWS and changes nothing. */
  readonly dryRun: boolean
  /** Deploys what no commit holds. */
  readonly uncommitted: boolean
  /** Deploys the witness's stack alone, with the credentials of its account. */
  readonly witness: boolean
  /** File of the first access rules. */
  readonly rules: string | undefined
}

export const usage =
  'npm run deploy -- --env NAME [--dry-run] [--yes] [--no-publish] [--rules FILE] [--witness] [--uncommitted]'

/** Throws SettingsError with the usage where it is told something else. */
export function deployOptions(args: readonly string[]): DeployOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        env: { type: 'string' },
        yes: { type: 'boolean', default: false },
        publish: { type: 'boolean', default: true },
        'dry-run': { type: 'boolean', default: false },
        uncommitted: { type: 'boolean', default: false },
        witness: { type: 'boolean', default: false },
        rules: { type: 'string' },
      },
    })
    if (values.env === undefined) throw new Error('Say which environment: --env NAME.')
    return {
      env: values.env,
      yes: values.yes,
      publish: values.publish,
      dryRun: values['dry-run'],
      uncommitted: values.uncommitted,
      witness: values.witness,
      rules: values.rules,
    }
  } catch (cause) {
    throw new SettingsError(`${cause instanceof Error ? cause.message : String(cause)}\n${usage}`, { cause })
  }
}
