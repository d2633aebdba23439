import { Duration } from 'aws-cdk-lib'
import { ArnPrincipal, Effect, type IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { type IBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { WitnessSettings } from '../settings.ts'
import { KeptBucket } from './kept-bucket.ts'

export interface WitnessBucketProps {
  readonly bucketName?: string
  readonly lock: WitnessSettings['lock']
  readonly logs?: { readonly bucket: IBucket; readonly prefix: string }
  /** Another account's role that may read and create. */
  readonly of?: { readonly account: string; readonly sealer: string }
}

/** Checkpoints that nobody can take back. They hold no personal data: nothing here has ever to be erased. */
export class WitnessBucket extends KeptBucket {
  constructor(scope: Construct, id: string, { bucketName, lock, logs, of }: WitnessBucketProps) {
    const days = Duration.days(lock.days)
    super(scope, id, {
      ...(bucketName !== undefined && { bucketName }),
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention:
        lock.mode === 'compliance' ? ObjectLockRetention.compliance(days) : ObjectLockRetention.governance(days),
      ...(logs && { logs }),
    })
    this.createOnly()
    if (!of) return
    const sealer = this.stack.formatArn({
      service: 'iam',
      region: '',
      account: of.account,
      resource: 'role',
      resourceName: of.sealer,
    })
    const letSealer = (sid: string, actions: string[], resource: string) =>
      this.letIn(sid, of.account, sealer, actions, resource)
    letSealer('Keeps', ['s3:GetObject', 's3:PutObject'], this.arnForObjects('*'))
    letSealer('Looks', ['s3:ListBucket'], this.bucketArn)
  }

  /** The account is the principal and a condition names the role: S3 refuses policies that name a role which is yet to be. */
  private letIn(sid: string, account: string, role: string, actions: string[], resource: string): void {
    const root = this.stack.formatArn({ service: 'iam', region: '', account, resource: 'root' })
    const principals: IPrincipal[] = [new ArnPrincipal(root)]
    const conditions = { ArnEquals: { 'aws:PrincipalArn': role } }
    this.addToResourcePolicy(
      new PolicyStatement({ sid, effect: Effect.ALLOW, principals, actions, resources: [resource], conditions }),
    )
  }
}
