import { CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { WitnessBucket } from '../constructs/witness-bucket.ts'
import type { Names } from '../names.ts'
import type { WitnessSettings } from '../settings.ts'

/** Both accounts work it out: buckets are named uniquely over all of them. */
export const witnessName = (names: Names, account: string) => `${names.base}-witness-${account}`

export interface WitnessStackProps extends StackProps {
  readonly names: Names
  readonly lock: WitnessSettings['lock']
  readonly account: string
  /** Whose log it witnesses. */
  readonly of: string
}

/** Deployed into another account, to which whoever runs the archive has no key. */
export class WitnessStack extends Stack {
  constructor(scope: Construct, id: string, { names, lock, account, of, ...props }: WitnessStackProps) {
    super(scope, id, props)
    const bucket = new WitnessBucket(this, 'Witness', {
      bucketName: witnessName(names, account),
      lock,
      of: { account: of, sealer: names.role('sealer'), readers: [names.role('sealer'), names.role('verifier')] },
    })
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Nothing here can be removed or written over, so who read it is of no weight; the account it stands in may have a trail of its own.',
    })
    new CfnOutput(this, 'WitnessBucket', { value: bucket.bucketName })
  }
}
