import { setTimeout as sleep } from 'node:timers/promises'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { ownerAt, type StandIns } from '../stand-ins.ts'
import { ENVIRONMENT } from './environment.ts'

/** Calls a function and waits for what it returns. Throws what it threw. One that the clock has just called is waited for. */
export async function invoke<T>({ aws }: StandIns, name: string, event: unknown = {}): Promise<T> {
  const lambda = new LambdaClient({ ...ownerAt(aws), maxAttempts: 1 })
  try {
    for (let left = 40; ; left -= 1)
      try {
        const FunctionName = `muniment-${ENVIRONMENT}-${name}`
        const Payload = Buffer.from(JSON.stringify(event))
        const { FunctionError, Payload: reply } = await lambda.send(new InvokeCommand({ FunctionName, Payload }))
        const text = Buffer.from(reply ?? []).toString('utf8')
        if (FunctionError) throw new Error(`The function ${name} failed: ${text.slice(0, 2_000)}`)
        return JSON.parse(text || 'null') as T
      } catch (error) {
        const busy = error instanceof Error && error.name === 'TooManyRequestsException'
        if (!busy || left === 0) throw error
        await sleep(500)
      }
  } finally {
    lambda.destroy()
  }
}
