import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import { type LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3'
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import type { Names } from '../names.ts'
import { ARCHIVE, AUDIT, KEPT_VERSIONS, RESULTS, SHORT_LIVED_VERSIONS } from '../prefixes.ts'
import type { EnvironmentSettings } from '../settings.ts'
import { KeptBucket } from './kept-bucket.ts'

export interface ArchiveStorageProps {
  readonly names: Names
  readonly settings: Pick<EnvironmentSettings, 'storage' | 'logs' | 'signingKeys'>
}

/** Buckets and keys: everything that an archive consists of. All of it stays when its stack goes. */
export class ArchiveStorage extends Construct {
  readonly dataKey: Key
  /** Oldest first. What one has signed is checked with its public half, so that none is ever taken away. */
  readonly signingKeys: readonly [Key, ...Key[]]
  readonly secretsKey: Key
  readonly archive: KeptBucket
  readonly secrets: KeptBucket
  readonly accessLogs: KeptBucket

  constructor(scope: Construct, id: string, { names, settings }: ArchiveStorageProps) {
    super(scope, id)
    this.dataKey = this.key('DataKey', `${names.base}-records`, 'Records and results of Muniment')
    this.secretsKey = this.key('SecretsKey', `${names.base}-secrets`, "Keys of Muniment's audit log")
    const further = Array.from({ length: (settings.signingKeys ?? 1) - 1 }, (_, place) => `${place + 2}`)
    this.signingKeys = [
      this.signing('SigningKey', `${names.base}-checkpoints`),
      ...further.map((number) => this.signing(`SigningKey${number}`, `${names.base}-checkpoints-${number}`)),
    ]
    this.accessLogs = new KeptBucket(this, 'AccessLogs', {
      versioned: false,
      lifecycleRules: [{ id: 'logs-end', expiration: Duration.days(settings.logs.storageAccessDays) }],
    })
    this.archive = new KeptBucket(this, 'Archive', {
      key: this.dataKey,
      versioned: true,
      lifecycleRules: archiveRules(settings.storage?.tier ?? 'standard'),
      logs: { bucket: this.accessLogs, prefix: 'archive/' },
    })
    this.guardRecords(names)
    // Forgetting a key is final: there are no versions to find it in.
    this.secrets = new KeptBucket(this, 'Secrets', {
      key: this.secretsKey,
      versioned: false,
      logs: { bucket: this.accessLogs, prefix: 'secrets/' },
    })
    this.secrets.createOnly()
  }

  private guardRecords({ role }: Names): void {
    const { archive } = this
    const stack = Stack.of(this)
    const retention = stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: role('retention') })
    const deleting = ['s3:DeleteObject', 's3:DeleteObjectVersion']
    archive.refuse('RecordsGoByRetentionOnly', deleting, [archive.arnForObjects(`${ARCHIVE}*`)], {
      ArnNotEquals: { 'aws:PrincipalArn': retention },
    })
    archive.refuse('TheLogStays', deleting, [archive.arnForObjects(`${AUDIT}*`)])
  }

  private signing(id: string, alias: string): Key {
    return new Key(this, id, {
      alias,
      description: "Signs checkpoints of Muniment's audit log",
      keySpec: KeySpec.ECC_NIST_EDWARDS25519,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    })
  }

  private key(id: string, alias: string, description: string): Key {
    return new Key(this, id, { alias, description, enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN })
  }
}

/** Nothing here removes a record, or an older version of one: that is the retention run's, which proves it. */
export function archiveRules(tier: 'standard' | 'intelligent'): LifecycleRule[] {
  const day = Duration.days(1)
  return [
    { id: 'results-end', prefix: RESULTS, expiration: day, noncurrentVersionExpiration: day },
    // A rule that expires objects cannot remove the markers which that leaves.
    { id: 'results-markers', prefix: RESULTS, expiredObjectDeleteMarker: true },
    ...SHORT_LIVED_VERSIONS.map((prefix) => ({
      id: `versions-of-${prefix}`,
      prefix,
      noncurrentVersionExpiration: day,
      expiredObjectDeleteMarker: true,
    })),
    ...KEPT_VERSIONS.map((prefix) => ({
      id: `versions-of-${prefix}`,
      prefix,
      noncurrentVersionExpiration: Duration.days(30),
    })),
    // Without a configuration of archive tiers S3 moves objects to tiers of instant access only, which Athena reads.
    ...(tier === 'intelligent'
      ? [
          {
            id: 'records-rest',
            prefix: ARCHIVE,
            transitions: [{ storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(0) }],
          },
        ]
      : []),
  ]
}
