/** Each type of resource and each action is either drawn or listed as left out: what is new has to be thought of. */

/** Types that are nodes, with the shape and the words of mermaid; several of a kind in a stack are one. */
export const drawn: Readonly<
  Record<string, { readonly open: string; readonly close: string; readonly many?: string }>
> = {
  'AWS::CloudFront::Distribution': { open: '[', close: ']' },
  'AWS::ApiGatewayV2::Api': { open: '[', close: ']' },
  'AWS::Cognito::UserPool': { open: '[', close: ']' },
  'AWS::Lambda::Function': { open: '[', close: ']' },
  'AWS::Athena::WorkGroup': { open: '[', close: ']' },
  'AWS::Scheduler::Schedule': { open: '([', close: '])', many: 'schedule' },
  'AWS::S3::Bucket': { open: '[(', close: ')]' },
  'AWS::KMS::Key': { open: '{{', close: '}}' },
  'AWS::Glue::Database': { open: '[(', close: ')]' },
  'AWS::Glue::Crawler': { open: '[', close: ']', many: 'Glue crawler' },
  'AWS::SQS::Queue': { open: '[/', close: '/]' },
  'AWS::SNS::Topic': { open: '[/', close: '/]' },
  'AWS::CloudWatch::Alarm': { open: '([', close: '])', many: 'alarm' },
  'AWS::Events::Rule': { open: '([', close: '])' },
  'AWS::IAM::ManagedPolicy': { open: '([', close: '])' },
}

/** Types that are told by edges, belong to a node, or hold nothing and reach nothing. */
export const leftOut: ReadonlySet<string> = new Set([
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudFront::Function',
  'AWS::CloudFront::OriginAccessControl',
  'AWS::CloudFront::ResponseHeadersPolicy',
  'AWS::CloudWatch::Dashboard',
  'AWS::Cognito::UserPoolClient',
  'AWS::Cognito::UserPoolDomain',
  'AWS::Cognito::UserPoolGroup',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
])

/** What an action is called; undefined: no edge. Actions of a service by its prefix with `*`, one of its own before that. */
const verbs: Readonly<Record<string, string | undefined>> = {
  's3:GetObject': 'reads',
  's3:PutObject': 'writes',
  's3:DeleteObject': 'deletes',
  's3:ListBucket': 'lists',
  's3:AbortMultipartUpload': undefined,
  's3:GetBucketLocation': undefined,
  's3:ListBucketMultipartUploads': undefined,
  's3:ListMultipartUploadParts': undefined,
  'kms:Decrypt': 'decrypts',
  'kms:GenerateDataKey': 'encrypts',
  'kms:Sign': 'signs',
  'kms:GetPublicKey': undefined,
  'athena:*': 'asks',
  'lambda:InvokeFunction': 'calls',
  'sqs:SendMessage': 'leaves failed calls in',
  'sqs:GetQueueAttributes': undefined,
  'sqs:GetQueueUrl': undefined,
  'glue:StartCrawler': 'starts',
  'glue:GetCrawler': undefined,
  'glue:Get*': 'reads',
  'glue:BatchDeletePartition': 'takes empty partitions out of',
  'glue:Batch*': 'writes',
  'glue:Create*': 'writes',
  'glue:Update*': 'writes',
  'cloudfront:CreateInvalidation': 'invalidates',
  'logs:*': undefined,
  'xray:*': undefined,
}

/** Throws for an action that nobody has given a word. */
export function verbOf(action: string): string | undefined {
  const [service = '', name = ''] = action.split(':')
  const first = /^[A-Z][a-z]+/.exec(name)?.[0] ?? ''
  const key = [action, `${service}:${first}*`, `${service}:*`].find((one) => one in verbs)
  if (key === undefined) throw new Error(`${action} has no word yet in what-is-drawn.ts.`)
  // What reads in lots reads.
  return action === 'glue:BatchGetPartition' ? 'reads' : verbs[key]
}
