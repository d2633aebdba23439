import { ManagedPolicy } from 'aws-cdk-lib/aws-iam'
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3'
import { CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'
import { Alerts } from '../constructs/alerts.ts'
import { ArchiveStorage } from '../constructs/archive-storage.ts'
import { SearchWorkgroup } from '../constructs/search-workgroup.ts'
import { WitnessBucket } from '../constructs/witness-bucket.ts'
import { allow } from '../grants.ts'
import type { Names } from '../names.ts'
import { loading } from '../rights.ts'
import type { EnvironmentSettings } from '../settings.ts'
import { witnessName } from './witness-stack.ts'

export interface ArchiveStackProps extends StackProps {
  readonly names: Names
  readonly settings: EnvironmentSettings
}

/** What lasts: buckets and keys. Beside them the workgroup that reads them and the topic that tells. */
export class ArchiveStack extends Stack {
  readonly storage: ArchiveStorage
  readonly witness: IBucket
  readonly workgroup: SearchWorkgroup
  readonly alerts: Alerts

  constructor(scope: Construct, id: string, { names, settings, ...props }: ArchiveStackProps) {
    super(scope, id, props)
    this.storage = new ArchiveStorage(this, 'Storage', { names, settings })
    const { archive, accessLogs, dataKey } = this.storage
    const { account, lock } = settings.witness
    this.witness =
      account === undefined
        ? new WitnessBucket(this, 'Witness', { lock, logs: { bucket: accessLogs, prefix: 'witness/' } })
        : Bucket.fromBucketName(this, 'Witness', witnessName(names, account))
    const { bytesPerQuery } = settings.budget
    this.workgroup = new SearchWorkgroup(this, 'Search', { names, archive, dataKey, bytesPerQuery })
    const { email } = settings.alarms
    this.alerts = new Alerts(this, 'Alerts', email === undefined ? {} : { email })
    const loader = new ManagedPolicy(this, 'Loader', {
      managedPolicyName: names.policy('loader'),
      description: 'Loads records into Muniment and starts its crawlers',
    })
    allow(loader, ...loading({ names, applications: settings.applications, ...this.storage, stack: this }))
    Validations.of(accessLogs).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It is the bucket that takes the access logs of the others; logging its own would never end.',
    })
    new CfnOutput(this, 'ArchiveBucket', { value: archive.bucketName })
    new CfnOutput(this, 'SecretsBucket', { value: this.storage.secrets.bucketName })
    new CfnOutput(this, 'WitnessBucket', { value: this.witness.bucketName })
    new CfnOutput(this, 'SigningKeyArn', { value: this.storage.signingKeys[0].keyArn })
    new CfnOutput(this, 'Workgroup', { value: this.workgroup.workgroupName })
    new CfnOutput(this, 'DatabasePrefix', { value: names.databasePrefix })
  }
}
