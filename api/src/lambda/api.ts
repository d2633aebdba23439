/** Answers the HTTP API behind API Gateway. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda'
import { createApp } from '../app.ts'
import { createVerification } from '../audit/verification.ts'
import type { DispatchedExport } from '../deps.ts'
import { outsideSignIn } from '../sign-in/outside.ts'
import { signInLog } from '../sign-in/sign-in-log.ts'
import { openCloud, searching } from './cloud.ts'
import { once } from './once.ts'

const lambda = new LambdaClient()

const opened = once(async () => {
  const cloud = await openCloud('api')
  const { settings, audit, secrets, publicKeys, streamKey, store, clock, log } = cloud
  const deps = await searching(cloud)
  const { identity, describe } = await outsideSignIn(
    settings.issuer,
    settings.origin,
    signInLog({ audit, access: deps.access }),
  )
  return handle(
    createApp({
      ...deps,
      identity,
      signIn: describe,
      origin: settings.origin,
      auditing: { secrets, streamKey, verification: createVerification({ store, publicKeys, streamKey, clock, log }) },
      dispatch: (job) => handOn(settings.exportsFunction, job),
    }),
  )
})

async function handOn(name: string, job: DispatchedExport): Promise<void> {
  await lambda.send(
    new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(job)) }),
  )
}

export const handler = async (event: LambdaEvent, context: LambdaContext) => (await opened())(event, context)
