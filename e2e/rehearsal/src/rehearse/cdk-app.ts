/** infra/'s app for the stand-ins, as `cdk` runs it: the demonstration's environment, and where its functions find what plays AWS. */
import { buildEnvironment, createApp } from '@muniment/infra/build'
import { environments } from '../../../../infra/environments.ts'
import { ATHENA_VARIABLE, ENVIRONMENT, functionVariables } from './environment.ts'

const { demo } = environments
const athena = process.env[ATHENA_VARIABLE]
if (!demo || !athena) throw new Error(`There is no environment "demo", or ${ATHENA_VARIABLE} is not set.`)

const app = createApp()
const { service } = await buildEnvironment(app, ENVIRONMENT, {
  ...demo,
  applications: ['pas'],
  signIn: { ...demo.signIn, rehearsal: true },
})
for (const made of Object.values(service.functions)) made.tell(functionVariables(athena))
app.synth()
