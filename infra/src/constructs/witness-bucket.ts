import { ArnPrincipal, Effect, type IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { type IBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3'
import { Duration } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import type { WitnessSettings } from '../settings.ts'
import { KeptBucket } from './kept-bucket.ts'

export interface WitnessBucketProps {
  readonly bucketName?: string
  readonly lock: WitnessSettings['lock']
  readonly logs?: { readonly bucket: IBucket; readonly prefix: string }
  /** Roles of another account: one may create, all may read. */
  readonly of?: { readonly account: string; readonly sealer: string; readonly readers: readonly string[] }
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
    const { account, sealer, readers } = of
    this.letIn('Keeps', account, [sealer], ['s3:PutObject'], this.arnForObjects('*'))
    this.letIn('Reads', account, readers, ['s3:GetObject'], this.arnForObjects('*'))
    this.letIn('Looks', account, readers, ['s3:ListBucket'], this.bucketArn)
  }

  /** The account is the principal and a condition names the role: S3 refuses policies that name a role which is yet to be. */
  private letIn(sid: string, account: string, roles: readonly string[], actions: string[], resource: string): void {
    const iam = { service: 'iam', region: '', account }
    const root = this.stack.formatArn({ ...iam, resource: 'root' })
    const named = roles.map((resourceName) => this.stack.formatArn({ ...iam, resource: 'role', resourceName }))
    const principals: IPrincipal[] = [new ArnPrincipal(root)]
    const conditions = { ArnEquals: { 'aws:PrincipalArn': named } }
    this.addToResourcePolicy(
      new PolicyStatement({ sid, effect: Effect.ALLOW, principals, actions, resources: [resource], conditions }),
    )
  }
}
