import { strictEqual } from 'node:assert'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { type Equipment, installEquipment } from '../install/install.ts'
import { makeSample } from '../sample/make-sample.ts'
import { type StandIns, startStandIns } from '../stand-ins.ts'
import { rehearseAgain, rehearseTeardown } from './again.ts'
import { rehearseAnswers, rehearseExports } from './answers.ts'
import { apiAt } from './api.ts'
import { rehearseBrowser } from './browser.ts'
import { bundlesIn } from './bundles.ts'
import { bootstrap, createCdk, type Deployed, deploy } from './deploy.ts'
import { type Embedded, startEmbedded } from './embedded.ts'
import { rehearseFailures } from './failures.ts'
import { createMuniment, publish, upload } from './load.ts'
import { rehearseMatrix } from './matrix.ts'
import { type People, signInPeople } from './people.ts'
import { rehearsePermissions } from './permissions.ts'
import type { Report } from './report.ts'
import { buildWeb } from './scripts.ts'
import { rehearseSealing } from './sealing.ts'
import { unrehearsed } from './unrehearsed.ts'

export interface RehearsalRun {
  /** Ends what was started, also in the middle. */
  stop(): Promise<void>
  readonly over: Promise<void>
}

/** What can be tried by itself, on what was deployed, loaded and published. */
export const partNames = [
  'answers',
  'matrix',
  'exports',
  'failures',
  'sealing',
  'permissions',
  'browser',
  'again',
  'teardown',
] as const
export type Part = (typeof partNames)[number]

/** Everything in its order; ends early where nothing after a step could be tried. */
export function rehearse(report: Report, policies: number, only: readonly Part[] = partNames): RehearsalRun {
  const stops: (() => Promise<void>)[] = []
  let ending = false
  const stop = async () => {
    ending = true
    for (const each of stops.splice(0).reverse()) await each().catch((error: unknown) => console.error(error))
  }
  /** What is started while the run ends has nobody else to end it. */
  const started = async <T extends { stop(): Promise<void> }>(one: T): Promise<T> => {
    if (ending) await one.stop()
    else stops.push(() => one.stop())
    return one
  }

  async function run(): Promise<void> {
    for (const what of unrehearsed) report.cannot(what)
    let installed: Equipment | undefined
    await report.step('Equipment: MiniStack, Trino and Java, fetched where they are not here yet', async () => {
      installed = await installEquipment()
      return undefined
    })
    if (!installed) return
    const equipment = installed
    let standIns: StandIns | undefined
    let home = ''
    const begun = await report.step('Stand-ins: MiniStack with permissions enforced, Trino, Athena', async () => {
      const sample = await makeSample(policies)
      standIns = await started(await startStandIns({ equipment, auth: true }))
      home = join(standIns.folder, 'home')
      cpSync(sample, home, { recursive: true })
      return undefined
    })
    if (!begun || !standIns) return
    const here = standIns
    const cdk = createCdk(here)

    let deployed: Deployed | undefined
    const up = await report.step('Deploy: bootstrap and all stacks, cdk-nag without findings', async () => {
      await bootstrap(cdk)
      deployed = (await deploy(cdk, here.folder)).deployed
      const bundles = bundlesIn(here.folder)
      for (const { name, bytes } of bundles) report.figure(`bundle of ${name}, bytes`, bytes)
      return bundles.map(({ name, bytes }) => `${name} ${(bytes / 1e6).toFixed(2)} MB`).join(', ')
    })
    if (!up || !deployed) return
    const there = deployed
    const muniment = createMuniment(here, there, home)

    const loaded = await report.step('Upload: the sample into the bucket, tables into Glue', async () => {
      const { objects, tables } = await upload(muniment)
      return `${objects} objects, ${tables} tables`
    })
    const published = await report.step('Publish: templates, web files, first access rules', async () => {
      await buildWeb()
      const { applications, rules, web } = await publish(muniment, here.folder)
      strictEqual(rules?.state, 'begun')
      return `${applications.length} application, ${web?.put.length ?? 0} web files`
    })
    let people: People | undefined
    await report.step('Cognito: a person of each role, signed in with a second factor', async () => {
      people = await signInPeople(here, there)
      return `${people.signed.size} people`
    })
    let embedded: Embedded | undefined
    await report.step('The embedded product over the same records', async () => {
      embedded = await started(await startEmbedded(home, here.folder))
      return undefined
    })
    if (!loaded || !published || !people || !embedded) return
    const api = apiAt(`${here.aws}/_aws/execute-api/${there.apiId}/$default`)
    const rehearsal = { report, standIns: here, deployed: there, api, people, embedded, muniment }
    const parts: Record<Part, () => Promise<void>> = {
      answers: () => rehearseAnswers(rehearsal),
      matrix: () => rehearseMatrix(rehearsal),
      exports: () => rehearseExports(rehearsal),
      failures: () => rehearseFailures(rehearsal),
      sealing: () => rehearseSealing(rehearsal),
      permissions: () => rehearsePermissions(rehearsal),
      browser: () => rehearseBrowser(rehearsal, equipment),
      again: () => rehearseAgain(rehearsal, cdk),
      teardown: () => rehearseTeardown(rehearsal, cdk),
    }
    for (const part of partNames) if (!ending && only.includes(part)) await parts[part]()
  }

  return { stop, over: run() }
}
