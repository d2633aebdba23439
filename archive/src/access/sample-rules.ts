import { AccessRules } from './rules.ts'
import document from './sample-rules.json' with { type: 'json' }

/** What is in force where the sample people are. */
export const sampleRules: AccessRules = AccessRules.parse(document)
