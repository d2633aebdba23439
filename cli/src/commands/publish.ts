import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { noteTemplates } from '@muniment/api/upkeep/note-templates'
import { readStatement } from '@muniment/archive/engine/dialect/check'
import { InputError, NotFoundError } from '@muniment/archive/errors'
import { listApplications } from '@muniment/archive/model/load'
import { publishTemplates } from '@muniment/query-templates/publish'
import { createPublishedLibrary } from '@muniment/query-templates/published'
import type { Finding } from '@muniment/query-templates/types'
import { type CloudArchive, withCloud } from '../cloud.ts'
import { commandActor } from '../logged.ts'
import { checkedTemplates } from '../publish/checked-templates.ts'
import { type ExamplesRun, runExamples, withAthena } from '../publish/examples.ts'
import { invalidate } from '../publish/invalidate.ts'
import { publishFirstRules, publishPurposes, readFirstRules, readOwnPurposes } from '../publish/small-parts.ts'
import { createWebBucket } from '../publish/web-bucket.ts'
import { builtFiles, publishWebFiles } from '../publish/web-files.ts'
import { describe } from '../report.ts'
import { readSettings } from '../settings.ts'

interface Options {
  application?: string
  /** File of the first access rules. */
  rules?: string
  /** Puts templates in force whose examples nobody ran; the log says so. */
  skipExamples?: boolean
  /** GB that all examples together may read. */
  examplesGb: string
  json?: boolean
}

/** Puts models, templates and the web application in force in AWS, or refuses with 1 where the templates do not check. */
export async function publish(options: Options) {
  await withCloud(async (cloud) => {
    const names = await applicationsOf(cloud, options.application)
    const findings: Finding[] = []
    const crawled: Record<string, boolean> = {}
    for (const name of names) {
      const snapshot = await cloud.catalog.read(name)
      crawled[name] = snapshot !== undefined
      findings.push(...(await checkedTemplates(cloud.templatesRoot, name, snapshot)))
    }
    // Examples of templates with faults would only say the same again, and cost.
    const examples =
      findings.length > 0
        ? undefined
        : await ranExamples(
            cloud,
            names.filter((name) => crawled[name]),
            options,
          )
    findings.push(...(examples?.findings ?? []))
    if (findings.length > 0) {
      if (options.json) console.log(JSON.stringify({ findings }))
      else for (const finding of findings) console.log(describe(finding))
      if (!options.json) {
        console.log(`Nothing was published: ${findings.length} findings.`)
        if (examples)
          console.log('They come of examples as they ran in Athena. --skip-examples publishes without running them.')
      }
      process.exitCode = 1
      return
    }
    // Whatever would not do is found before anything is put in force.
    const { rules: file } = options
    const firstRules = file === undefined ? undefined : await readFirstRules(file, cloud.templatesRoot)
    const ownPurposes = await readOwnPurposes(readSettings().home)
    const publishWeb = await prepareWeb(cloud)
    if (options.skipExamples) await noteSkipped(cloud, names)
    const applications = await putInForce(cloud, names)
    const purposes = await publishPurposes(cloud.store, ownPurposes)
    const rules = firstRules && (await publishFirstRules(cloud, firstRules))
    const web = await publishWeb?.()
    if (options.json)
      return console.log(JSON.stringify({ applications, findings, examples: told(examples), purposes, rules, web }))
    for (const { application, version, changed } of applications)
      console.log(
        `${application}: version ${version.slice(0, 12)} ${changed ? 'is in force' : 'was in force already'}` +
          `${crawled[application] ? '' : ' (nothing is loaded, so not checked against the catalog)'}.`,
      )
    console.log(
      examples
        ? `Examples: ${examples.examples} as expected, ${(examples.bytes / 1e6).toFixed(0)} MB read.`
        : 'Examples: not run.',
    )
    console.log(`Reasons to search for: ${purposes}.`)
    if (rules) console.log(`Access rules: version ${rules.version}, ${rules.state}.`)
    console.log(web ? `Web application: ${web.put.length} files put, ${web.unchanged} as they were.` : noWeb)
  })
}

const told = (examples: ExamplesRun | undefined) => examples && { run: examples.examples, bytes: examples.bytes }

/** Undefined where none were to be run: nothing is loaded, or it was said so. */
async function ranExamples(
  cloud: CloudArchive,
  names: readonly string[],
  { skipExamples = false, examplesGb }: Pick<Options, 'skipExamples' | 'examplesGb'>,
): Promise<ExamplesRun | undefined> {
  const most = Number(examplesGb) * 1e9
  if (!(most > 0)) throw new InputError('--examples-gb is a number of GB, above 0.')
  if (skipExamples || names.length === 0) return undefined
  return withAthena(cloud, async (engine) => {
    const all: ExamplesRun = { examples: 0, bytes: 0, findings: [] }
    for (const name of names) {
      const ran = await runExamples(engine, cloud.templatesRoot, name, most - all.bytes)
      all.examples += ran.examples
      all.bytes += ran.bytes
      all.findings.push(...ran.findings)
    }
    return all
  })
}

/** Before anything comes in force. */
async function noteSkipped({ audit }: CloudArchive, names: readonly string[]): Promise<void> {
  const actor = await commandActor()
  for (const application of names)
    await audit.note(
      { action: 'template-change', actor, subject: { application, examples: 'skipped' } },
      { outcome: 'done' },
    )
}

const noWeb = 'MUNIMENT_WEB_BUCKET is not set: no file of the web application was put anywhere.'

async function applicationsOf({ settings, templatesRoot }: CloudArchive, name: string | undefined): Promise<string[]> {
  const known = await listApplications(templatesRoot)
  const wanted = name === undefined ? (settings.applications ?? known) : [name]
  const unknown = wanted.find((each) => !known.includes(each))
  if (unknown === undefined) return [...wanted]
  throw new NotFoundError(`There is no application "${unknown}" among the templates; there is ${known.join(', ')}.`)
}

/** Each in one write; that it was is in the log, once, also where a publication before this one was stopped in between. */
async function putInForce({ store, audit, clock, templatesRoot: root }: CloudArchive, names: readonly string[]) {
  const work = await mkdtemp(join(tmpdir(), 'muniment-published-'))
  try {
    const published: { application: string; version: string; changed: boolean }[] = []
    const library = createPublishedLibrary({ store, work, lookEvery: 0 })
    const actor = await commandActor()
    for (const application of names) {
      const options = { store, root, application, read: readStatement, now: clock() }
      published.push({ application, ...(await publishTemplates(options)) })
      await noteTemplates({ store, audit, actor, templates: { ...library, list: async () => [application] } })
    }
    return published
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** What puts the files of the web application in place; undefined where no bucket is named for them. */
async function prepareWeb({ settings, s3 }: CloudArchive) {
  const { webBucket, distribution } = settings
  if (webBucket === undefined) return undefined
  const { webRoot } = readSettings()
  await builtFiles(webRoot)
  return async () => {
    const files = await publishWebFiles(createWebBucket(s3, webBucket), webRoot)
    const invalidated = distribution === undefined ? [] : await invalidate(distribution, files.put)
    return { ...files, invalidated }
  }
}
