/** `npm run deploy -- --env NAME`: docs/deploy.md. */
import { environments } from '../../environments.ts'
import { SettingsError } from '../errors.ts'
import { awsEdge } from './aws-edge.ts'
import { deployEnvironment } from './deploy-environment.ts'
import { deployOptions } from './options.ts'

try {
  await deployEnvironment(deployOptions(process.argv.slice(2)), environments, awsEdge)
} catch (error) {
  if (!(error instanceof SettingsError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
