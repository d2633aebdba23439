import { setTimeout as sleep } from 'node:timers/promises'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { announcedKeys } from '@muniment/archive/audit/keys/announced-keys'
import { OperatorError } from '@muniment/archive/errors'
import { withCloud } from './cloud.ts'
import { commandActor } from './logged.ts'

const ATTEMPTS = 60

/**
 * The public key in force in AWS, as a verifier line. With `rotate` the next one, which the sealer puts in force: nobody else can sign.
 * Throws OperatorError where no next key was deployed.
 */
export function keyInCloud(rotate: boolean): Promise<string> {
  return withCloud(async ({ settings, secretsStore }) => {
    if (rotate) return rotated(settings.lambda('sealer'))
    const newest = (await announcedKeys(secretsStore)).at(-1)
    if (newest !== undefined) return newest
    throw new OperatorError('The sealer has not made its key known yet: it does so within a minute of a deployment.')
  })
}

async function rotated(sealer: string): Promise<string> {
  const { id, groups } = await commandActor()
  const answer = await invoke(sealer, { rotate: { id, groups } })
  if (answer.rotated === true && typeof answer.key === 'string') return answer.key
  throw new OperatorError(
    'There is no next key to put in force. Raise signingKeys in infra/environments.ts by one, deploy, and call this again.',
  )
}

/** One sealer may run at a time: while the clock's is at work, the call is made again. */
async function invoke(name: string, event: object): Promise<Record<string, unknown>> {
  const lambda = new LambdaClient()
  try {
    for (let attempt = 1; ; attempt++)
      try {
        const command = new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(event)) })
        const { FunctionError, Payload } = await lambda.send(command)
        if (FunctionError) throw new OperatorError(`The function ${name} failed; its log says why. Call this again.`)
        return JSON.parse(Buffer.from(Payload ?? []).toString('utf8')) as Record<string, unknown>
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'TooManyRequestsException' || attempt >= ATTEMPTS) throw error
        await sleep(1_000)
      }
  } finally {
    lambda.destroy()
  }
}
