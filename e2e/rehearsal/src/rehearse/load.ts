import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sampleRules } from '@muniment/archive/access/sample-rules'
import { checkout } from '../install/cache-folder.ts'
import { tool } from '../install/tool.ts'
import type { StandIns } from '../stand-ins.ts'
import type { Deployed } from './deploy.ts'
import { APPLICATION } from './environment.ts'

/** The command line against the deployed environment, as an operator runs it. Returns what it printed. */
export type Muniment = (...args: string[]) => Promise<string>

/** `home`: data folder with the sample. Glue's crawlers crawl nothing in MiniStack, so ours takes their part. */
export function createMuniment({ environment }: StandIns, deployed: Deployed, home: string): Muniment {
  const env = {
    ...environment,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    MUNIMENT_HOME: home,
    MUNIMENT_BUCKET: deployed.bucket,
    MUNIMENT_SECRETS_BUCKET: deployed.secretsBucket,
    MUNIMENT_DATABASE_PREFIX: deployed.databasePrefix,
    MUNIMENT_CRAWLERS: 'own',
    MUNIMENT_APPLICATIONS: APPLICATION,
    MUNIMENT_WEB_BUCKET: deployed.webBucket,
  }
  return (...args) => tool(process.execPath, [join(checkout, 'bin', 'muniment.mjs'), ...args], env)
}

export interface Uploaded {
  readonly objects: number
  readonly tables: number
}

export async function upload(muniment: Muniment): Promise<Uploaded> {
  const { loads, crawled } = JSON.parse(await muniment('upload', '--application', APPLICATION, '--json')) as {
    loads: { objects: number }[]
    crawled: { tables: unknown[]; findings: { message: string }[] }
  }
  if (crawled.findings.length > 0) throw new Error(crawled.findings.map(({ message }) => message).join('\n'))
  return { objects: loads.reduce((sum, { objects }) => sum + objects, 0), tables: crawled.tables.length }
}

interface Published {
  readonly applications: { application: string; version: string; changed: boolean }[]
  readonly rules?: { version: number; state: 'begun' | 'unchanged' }
  readonly web?: { put: string[]; unchanged: number }
}

/** Templates, the web application and, the first time, the sample's access rules. Examples are run by a test of their own over Trino. */
export async function publish(muniment: Muniment, folder: string): Promise<Published> {
  const rules = join(folder, 'rules.json')
  // Rules of an application that is not here would name what nobody knows.
  writeFileSync(rules, JSON.stringify(sampleRules))
  return JSON.parse(await muniment('publish', '--rules', rules, '--skip-examples', '--json')) as Published
}
