/** What one machine cannot show; printed at the end of every run. */
export const unrehearsed: readonly string[] = [
  'Glue crawlers: MiniStack’s change state and read nothing; ours writes the same tables.',
  'Athena engine version 3: Trino 476 takes its part. Encryption of results by KMS, and policies of buckets for queries, are not judged.',
  'Lambda on arm64 and Node 22, its memory and its freeze between calls: functions run as processes of this machine’s Node.',
  'TLS: everything is plain HTTP on loopback; requests count as encrypted.',
  'CloudFront, its headers and its routing, and the pages in a browser.',
  'Cognito’s sign-in pages and the first setting up of a second factor: tokens are had by password and code.',
  'Quotas of the account, WAF, X-Ray, alarms that reach anybody, a witness in another account.',
]
