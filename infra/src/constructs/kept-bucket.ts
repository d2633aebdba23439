import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3'
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'

export interface KeptBucketProps
  extends Pick<BucketProps, 'bucketName' | 'objectLockEnabled' | 'objectLockDefaultRetention'> {
  /** Undefined: keys of S3's. */
  readonly key?: IKey
  readonly versioned: boolean
  readonly lifecycleRules?: readonly LifecycleRule[]
  /** Where S3 logs who read and wrote; undefined only for the bucket that takes these logs, and for another account's. */
  readonly logs?: { readonly bucket: IBucket; readonly prefix: string }
}

/** A bucket that nobody reaches unencrypted or from the public, and that outlives its stack. */
export class KeptBucket extends Bucket {
  // The class allows undefined here, its interface does not.
  override get isWebsite(): boolean {
    return super.isWebsite ?? false
  }

  constructor(scope: Construct, id: string, { key, versioned, lifecycleRules = [], logs, ...rest }: KeptBucketProps) {
    super(scope, id, {
      ...rest,
      versioned,
      ...(key
        ? { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      ...(logs && { serverAccessLogsBucket: logs.bucket, serverAccessLogsPrefix: logs.prefix }),
      lifecycleRules: [
        { id: 'abandoned-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
        ...lifecycleRules,
      ],
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    if (key) this.refuseOtherEncryption()
  }

  /** Also for administrators, as long as they leave this policy alone. */
  refuse(
    sid: string,
    actions: readonly string[],
    resources: readonly string[],
    conditions?: Record<string, unknown>,
  ): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [...actions],
        resources: [...resources],
        ...(conditions && { conditions }),
      }),
    )
  }

  /** What is there is never written over: each write says that it creates. */
  createOnly(): void {
    this.refuse('CreateOnly', ['s3:PutObject'], [this.arnForObjects('*')], { Null: { 's3:if-none-match': 'true' } })
  }

  /** A write that says nothing of encryption gets the bucket's. */
  private refuseOtherEncryption(): void {
    this.refuse('OwnKeyOnly', ['s3:PutObject'], [this.arnForObjects('*')], {
      StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
      Null: { 's3:x-amz-server-side-encryption': 'false' },
    })
  }
}
