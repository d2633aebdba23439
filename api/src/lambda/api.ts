/** Answers the HTTP API behind API Gateway. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda'
import { createApp } from '../app.ts'
import { createStoredVerification } from '../audit/stored-verification.ts'
import { outsideSignIn } from '../sign-in/outside.ts'
import { signInLog } from '../sign-in/sign-in-log.ts'
import { openCloud, searching } from './cloud.ts'
import { handled } from './handled.ts'
import { once } from './once.ts'
import { setting, signInSetting } from './settings.ts'
import { tracedClient } from './traced-client.ts'

const lambda = tracedClient(new LambdaClient())

const opened = once(async () => {
  const cloud = await openCloud('api')
  const { audit, secrets, streamKey, store } = cloud
  const { issuer, origin } = signInSetting()
  const deps = await searching(cloud)
  const { identity, describe } = await outsideSignIn(issuer, origin, signInLog({ audit, access: deps.access }))
  const verification = createStoredVerification(store, () => begin(setting('verifierFunction')))
  return handle(
    createApp({
      ...deps,
      identity,
      signIn: describe,
      origin,
      auditing: { secrets, streamKey, verification },
      dispatch: (job) => begin(setting('exportsFunction'), job),
    }),
  )
})

/** Resolves once the other function is sure to be invoked. */
async function begin(name: string, event: unknown = {}): Promise<void> {
  await lambda.send(
    new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(event)) }),
  )
}

export const handler = handled('api', async (event: LambdaEvent, context: LambdaContext) =>
  (await opened())(event, context),
)
