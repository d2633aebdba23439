import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Names } from '../names.ts'
import { ATHENA_RESULTS } from '../prefixes.ts'

export interface SearchWorkgroupProps {
  readonly names: Names
  readonly archive: IBucket
  readonly dataKey: IKey
  readonly bytesPerQuery: number
}

/** What a client says of result location, encryption or cut-off does not count here. */
export class SearchWorkgroup extends Construct {
  readonly workgroupName: string

  constructor(scope: Construct, id: string, { names, archive, dataKey, bytesPerQuery }: SearchWorkgroupProps) {
    super(scope, id)
    this.workgroupName = names.workgroup
    new CfnWorkGroup(this, 'Workgroup', {
      name: names.workgroup,
      description: 'Searches and exports of Muniment',
      state: 'ENABLED',
      // What was searched for stands in the audit log; the query history may go with the stack.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        requesterPaysEnabled: false,
        bytesScannedCutoffPerQuery: bytesPerQuery,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${archive.bucketName}/${ATHENA_RESULTS}`,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: dataKey.keyArn },
        },
      },
    })
  }
}
