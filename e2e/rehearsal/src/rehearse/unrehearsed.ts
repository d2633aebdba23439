/** What one machine cannot show; printed at the end of every run. */
export const unrehearsed: readonly string[] = [
  'Glue crawlers: MiniStack’s change state and read nothing; ours writes the same tables.',
  'Athena engine version 3: Trino 476 takes its part. Encryption of results by KMS, and policies of buckets for queries, are not judged.',
  'Lambda on arm64 and Node 22, its memory and its freeze between calls: functions run as processes of this machine’s Node.',
  'TLS between services: all of it is plain HTTP on loopback and counts as encrypted. Browsers speak TLS to a certificate of the day.',
  'CloudFront’s caches, compression, HTTP/2 and 3 and its places in the world: MiniStack plays its routing, function, headers and origins.',
  'Cognito’s own sign-in pages and session: ours ask for the same. Setting up a second factor, mails, threat protection.',
  'Chromium only; no other browser.',
  'Quotas of the account, WAF, X-Ray, alarms that reach anybody, a witness in another account.',
]
