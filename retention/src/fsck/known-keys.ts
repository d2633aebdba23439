import { auditFile } from '@muniment/archive/audit/paths'

const application = '[a-z][a-z0-9_]*'
const load = '[0-9a-f]{32}'
const eight = '\\d{8}'
const hex = '[0-9a-f]+'

/** What may lie in each prefix, but for records. */
const SHAPES: Record<string, RegExp> = {
  loads: new RegExp(
    `^loads/${application}/(slot\\.json|${load}/((load|seal|model|report[^/]*|manifest[^/]*)\\.json|deviations[^/]*\\.jsonl|seal-groups\\.bin))$`,
  ),
  quarantine: new RegExp(`^quarantine/${application}/${load}/[^/]+\\.jsonl$`),
  statements: new RegExp(`^statements/${application}/(approvals/)?[^/]+\\.json$`),
  catalog: new RegExp(`^catalog/(${application}|footers/${application}/[^/]+)\\.json$`),
  templates: new RegExp(`^templates/${application}/((current|in-force)\\.json|versions/${hex}\\.json)$`),
  access: new RegExp(`^access/(rules/${eight}|(proposals|decisions)/${hex})\\.json$`),
  searches: /^searches\/\d{4}-\d\d-\d\d\/.+$/,
  results: /^results\/.+$/,
  requests: /^requests\/.+$/,
  holds: new RegExp(
    `^holds/(register\\.json|versions/${eight}\\.json|H-[0-9a-f]{12}/(event-${eight}|closure-${eight}-[0-9a-f]{32})\\.json)$`,
  ),
  retention: new RegExp(
    `^retention/(runs/.+|due/${application}\\.json|rewrites/${application}/[0-9a-f]{32}-${eight}-${eight}(-applied)?\\.json|schedules/${application}/${application}/${eight}\\.json|proposals/${application}/${application}/(proposed|decided)/[^/]+\\.json)$`,
  ),
}

/** Whether a key is one that this product writes; records are held against the ledger instead. */
export function isKnownKey(key: string): boolean {
  const [prefix = ''] = key.split('/')
  // Secrets are no records and in no bucket of records; in the embedded setting they lie in the same folder.
  if (prefix === 'archive' || prefix === 'secrets') return true
  if (prefix === 'audit') return auditFile(key) !== undefined
  return SHAPES[prefix]?.test(key) ?? false
}
