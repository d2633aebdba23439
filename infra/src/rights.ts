/** What each function may do, in one place. Nobody may delete or write below archive/ here: that is retention's and loading's. */

import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { ArnFormat, type Stack } from 'aws-cdk-lib/core'
import type { Grant } from './grants.ts'
import type { ArchiveFunction, Names } from './names.ts'
import { ARCHIVE, ATHENA_RESULTS, AUDIT, RESULTS, SEARCHES, TEMPLATES, VERIFICATIONS } from './prefixes.ts'

export interface Holdings {
  readonly names: Names
  readonly applications: readonly string[]
  readonly archive: IBucket
  readonly secrets: IBucket
  readonly witness: IBucket
  readonly dataKey: IKey
  readonly secretsKey: IKey
  readonly signingKeys: readonly IKey[]
  readonly stack: Stack
}

export type LoadHoldings = Omit<Holdings, 'witness' | 'signingKeys'>

export interface PublishHoldings extends Pick<Holdings, 'archive' | 'secrets' | 'dataKey' | 'secretsKey'> {
  readonly files: IBucket
  /** ARN. */
  readonly distribution: string
}

const objects = 'Objects below a prefix are named by ids and days: the prefix is what bounds them.'

/** What it takes to ask the engine and to tell who may see what of the answer. */
const searching = [ARCHIVE, 'catalog/', TEMPLATES, SEARCHES, RESULTS, 'access/', AUDIT, 'usage/', 'unusual-use/']
/** Reasons that a search may be for, where they are not those that come along. */
const PURPOSES = 'purposes.json'

/** Prefixes by function. A change of these is a change of who can do what: the tests list them a second time. */
const prefixes: Record<ArchiveFunction, { reads: string[]; writes: string[]; deletes: string[] }> = {
  api: {
    reads: [...searching, PURPOSES, VERIFICATIONS],
    writes: [SEARCHES, RESULTS, 'access/', AUDIT, 'usage/', 'unusual-use/'],
    // A search whose opening could not be logged is dropped.
    deletes: [RESULTS, SEARCHES],
  },
  exports: {
    reads: [...searching, PURPOSES],
    writes: [SEARCHES, RESULTS, AUDIT, 'usage/', 'unusual-use/'],
    deletes: [RESULTS],
  },
  sealer: { reads: [AUDIT], writes: [AUDIT], deletes: [] },
  upkeep: { reads: [SEARCHES, RESULTS, AUDIT], writes: [SEARCHES, AUDIT], deletes: [RESULTS] },
  // The access rules are held against what the log tells of them.
  verifier: { reads: [AUDIT, 'access/', VERIFICATIONS], writes: [VERIFICATIONS], deletes: [] },
}

export function rightsOf(name: ArchiveFunction, holdings: Holdings): Grant[] {
  const own = [...inArchive(name, holdings), ...inSecrets(holdings)]
  switch (name) {
    case 'api':
      return [...own, ...asking(holdings), calling(holdings)]
    case 'exports':
      return [...own, ...asking(holdings)]
    case 'sealer':
      return [...own, ...sealing(holdings)]
    case 'upkeep':
      return own
    case 'verifier':
      return [...own, ...witnessing(holdings)]
  }
}

function inArchive(name: ArchiveFunction, { archive, dataKey }: Holdings): Grant[] {
  const { reads, writes, deletes } = prefixes[name]
  const below = (list: string[]) =>
    list.map((prefix) => archive.arnForObjects(prefix.endsWith('/') ? `${prefix}*` : prefix))
  const because = objects
  return [
    { actions: ['s3:GetObject'], resources: below(reads), because },
    { actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resources: below(writes), because },
    ...(deletes.length > 0 ? [{ actions: ['s3:DeleteObject'], resources: below(deletes), because }] : []),
    // Without it a missing object is told as a refusal; a condition on prefixes would not cover reads, which have none.
    { actions: ['s3:ListBucket', 's3:GetBucketLocation'], resources: [archive.bucketArn] },
    { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [dataKey.keyArn] },
  ]
}

/** Whoever writes the log makes the day's key where there is none yet; to forget one is the operator's. */
const inSecrets = ({ secrets, secretsKey }: Pick<Holdings, 'secrets' | 'secretsKey'>): Grant[] => [
  { actions: ['s3:GetObject', 's3:PutObject'], resources: [secrets.arnForObjects('*')], because: objects },
  { actions: ['s3:ListBucket'], resources: [secrets.bucketArn] },
  { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [secretsKey.keyArn] },
]

/** What tables there are, and how they are cut. */
function catalog({ names, applications, stack }: Pick<Holdings, 'names' | 'applications' | 'stack'>): Grant {
  const glue = (resource: string, resourceName?: string) =>
    stack.formatArn({ service: 'glue', resource, ...(resourceName !== undefined && { resourceName }) })
  return {
    actions: ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartition', 'glue:GetPartitions'],
    resources: [
      glue('catalog'),
      ...applications.flatMap((application) => [
        glue('database', names.database(application)),
        glue('table', `${names.database(application)}/*`),
      ]),
    ],
    because:
      "The databases are named; which tables they have is the crawlers' to say. Who sees which is decided by the access rules.",
  }
}

/** Keys sign and are never read. */
const sealing = (holdings: Holdings): Grant[] => [
  { actions: ['kms:Sign', 'kms:GetPublicKey'], resources: holdings.signingKeys.map(({ keyArn }) => keyArn) },
  { actions: ['s3:PutObject'], resources: [checkpointsOf(holdings)], because: objects },
  ...witnessing(holdings),
]

/** What the witness has is listed and read, so that a gap, or another log, is seen. */
const witnessing = (holdings: Holdings): Grant[] => [
  { actions: ['s3:GetObject'], resources: [checkpointsOf(holdings)], because: objects },
  { actions: ['s3:ListBucket'], resources: [holdings.witness.bucketArn] },
]

const checkpointsOf = ({ witness }: Holdings) => witness.arnForObjects('checkpoints/*')

function asking({
  names,
  applications,
  archive,
  stack,
}: Pick<Holdings, 'names' | 'applications' | 'archive' | 'stack'>): Grant[] {
  return [
    {
      actions: [
        'athena:StartQueryExecution',
        'athena:StopQueryExecution',
        'athena:GetQueryExecution',
        'athena:BatchGetQueryExecution',
        'athena:GetQueryResults',
        'athena:GetWorkGroup',
      ],
      resources: [workgroupArn(stack, names)],
    },
    {
      actions: ['s3:ListMultipartUploadParts'],
      resources: [archive.arnForObjects(`${RESULTS}*`)],
      because: objects,
    },
    { actions: ['s3:ListBucketMultipartUploads'], resources: [archive.bucketArn] },
    catalog({ names, applications, stack }),
  ]
}

/** What takes longer than an answer may is done by functions of its own. */
const calling = ({ names, stack }: Holdings): Grant => ({
  actions: ['lambda:InvokeFunction'],
  resources: (['exports', 'verifier'] as const).map((name) =>
    stack.formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: names.function(name),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  ),
})

/** Whoever loads records: adds, and never replaces or removes them. Starts the crawlers and asks what they found. */
export function loading({ names, applications, archive, secrets, dataKey, secretsKey, stack }: LoadHoldings): Grant[] {
  const glue = (resource: string, resourceName?: string) =>
    stack.formatArn({ service: 'glue', resource, ...(resourceName !== undefined && { resourceName }) })
  const below = (...list: string[]) => list.map((prefix) => archive.arnForObjects(`${prefix}*`))
  const written = [ARCHIVE, 'loads/', 'quarantine/', 'catalog/', AUDIT]
  const because = objects
  return [
    { actions: ['s3:GetObject'], resources: below(...written, TEMPLATES, 'access/'), because },
    {
      actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      resources: below(...written),
      because,
    },
    // A load that has ended gives back its application's work slot.
    { actions: ['s3:DeleteObject'], resources: [archive.arnForObjects('loads/*/slot.json')], because: objects },
    { actions: ['s3:ListBucket', 's3:GetBucketLocation'], resources: [archive.bucketArn] },
    { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [dataKey.keyArn] },
    ...inSecrets({ secrets, secretsKey }),
    {
      actions: ['glue:StartCrawler', 'glue:GetCrawler'],
      resources: applications.map((application) => glue('crawler', names.crawler(application, '*'))),
      because: "An application's crawlers, one for each of its tables.",
    },
    // Of partitions in which nothing lies any more.
    {
      actions: ['glue:BatchDeletePartition'],
      resources: [
        glue('catalog'),
        ...applications.flatMap((application) => [
          glue('database', names.database(application)),
          glue('table', `${names.database(application)}/*`),
        ]),
      ],
      because:
        "The databases are named; which tables they have is the crawlers' to say. No record goes with a partition.",
    },
    catalog({ names, applications, stack }),
  ]
}

/** Whoever publishes: model, templates, first rules and the files of the web, checked against the catalog and told by the log. */
export function publishing(holdings: PublishHoldings): Grant[] {
  const { archive, secrets, dataKey, secretsKey, files, distribution } = holdings
  const written = [TEMPLATES, 'access/', AUDIT].map((prefix) => archive.arnForObjects(`${prefix}*`))
  const purposes = archive.arnForObjects(PURPOSES)
  return [
    {
      actions: ['s3:GetObject'],
      resources: [...written, archive.arnForObjects('catalog/*'), purposes],
      because: objects,
    },
    { actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resources: [...written, purposes], because: objects },
    { actions: ['s3:ListBucket'], resources: [archive.bucketArn, files.bucketArn] },
    { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [dataKey.keyArn] },
    ...inSecrets({ secrets, secretsKey }),
    {
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [files.arnForObjects('*')],
      because: 'The whole bucket is the web application, file by file.',
    },
    { actions: ['cloudfront:CreateInvalidation'], resources: [distribution] },
  ]
}

const workgroupArn = (stack: Stack, names: Names) =>
  stack.formatArn({ service: 'athena', resource: 'workgroup', resourceName: names.workgroup })

/** Whoever has examples run before they publish: sees all records, as the examples do. Apart from publishing, which reads none. */
export function runningExamples(
  holdings: Omit<Holdings, 'secrets' | 'secretsKey' | 'witness' | 'signingKeys'>,
): Grant[] {
  const { archive, dataKey } = holdings
  const results = [archive.arnForObjects(`${ATHENA_RESULTS}*`)]
  return [
    { actions: ['s3:GetObject'], resources: [archive.arnForObjects(`${ARCHIVE}*`), ...results], because: objects },
    { actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resources: results, because: objects },
    { actions: ['s3:ListBucket', 's3:GetBucketLocation'], resources: [archive.bucketArn] },
    { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [dataKey.keyArn] },
    ...asking(holdings),
  ]
}
