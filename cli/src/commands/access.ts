import { readFile } from 'node:fs/promises'
import { type AccessReport, accessReport } from '@muniment/archive/access/access-report'
import { parseRules } from '@muniment/archive/access/check-rules'
import { refuseProposal, withdrawProposal } from '@muniment/archive/access/end-proposal'
import { approveProposal, listProposals, proposeRules } from '@muniment/archive/access/proposals'
import { readChain, type StoredVersion, versionAt } from '@muniment/archive/access/versions'
import { NotFoundError, OperatorError } from '@muniment/archive/errors'
import { type Home, openHome } from '@muniment/archive/home'
import { loadSubjects, subjectsOf } from '../access-subjects.ts'
import { actingPerson } from '../acting-person.ts'
import { personsByGroup } from '../groups-of-person.ts'
import { withAudit } from '../logged.ts'
import { readMoment } from '../moment.ts'
import { printTable } from '../print-table.ts'
import { printable } from '../printable.ts'
import { readSettings } from '../settings.ts'

interface Json {
  json?: boolean
}

async function withHome<T>(act: (home: Home) => Promise<T>): Promise<T> {
  const home = await openHome(readSettings().home, { mode: 'auto' })
  try {
    return await act(home)
  } finally {
    await home.close()
  }
}

const clock = () => new Date()

async function readFileOfRules(file: string) {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new OperatorError(`The file ${file} cannot be read.`, { cause: error })
  }
  const subjects = subjectsOf(await loadSubjects(readSettings().templatesRoot))
  return { rules: parseRules(file, text, subjects), subjects }
}

/** Exits with 2 and the findings where the rules would not do. */
export async function accessCheck(file: string, { json }: Json) {
  const { rules } = await readFileOfRules(file)
  if (json) return console.log(JSON.stringify({ title: rules.title, grants: rules.grants.length, findings: [] }))
  console.log(printable(`${file}: ${rules.grants.length} grants are in order.`))
}

function header({ number, proposed, approved, reason, hash }: StoredVersion): string {
  const who = approved
    ? `proposed by ${proposed.by}, approved by ${approved.by}`
    : `put in force with the setting (${proposed.by})`
  return `Version ${number}, in force since ${(approved ?? proposed).at}, ${who}: ${reason} [sha-256 ${hash}]`
}

export async function accessShow({ version: wanted, json }: Json & { version?: string }) {
  await withHome(async ({ store }) => {
    const chain = await readChain(store)
    const version = wanted === undefined ? chain.at(-1) : chain.find(({ number }) => String(number) === wanted)
    if (!version)
      throw new NotFoundError(
        chain.length === 0 ? 'There are no access rules yet.' : `There are versions 1 to ${chain.length}.`,
      )
    if (json) return console.log(JSON.stringify(version))
    console.log(printable(header(version)))
    console.log(JSON.stringify(version.rules, null, 2))
  })
}

export async function accessProposals({ json }: Json) {
  await withHome(async ({ store }) => {
    const proposals = await listProposals(store)
    if (json) return console.log(JSON.stringify({ proposals }))
    if (proposals.length === 0) return console.log('There are no proposals.')
    printTable(
      proposals.map(({ id, state, against, proposed, reason }) => ({
        id,
        state,
        against: `version ${against.number}`,
        by: proposed.by,
        at: proposed.at,
        reason,
      })),
    )
  })
}

export async function accessPropose(file: string, { reason, json }: Json & { reason: string }) {
  const { rules, subjects } = await readFileOfRules(file)
  const by = await actingPerson()
  await withHome(async (home) => {
    const { store } = home
    const { id, against } = await withAudit(home, (audit) =>
      proposeRules(store, rules, reason, by, { clock, subjects, audit }),
    )
    if (json) return console.log(JSON.stringify({ proposal: id, against }))
    console.log(
      `Proposal ${id} would replace version ${against.number}. Somebody else approves it: npx muniment access approve ${id}`,
    )
  })
}

export async function accessApprove(proposal: string, { json }: Json) {
  const by = await actingPerson()
  await withHome(async (home) => {
    const { store } = home
    const { number, hash } = await withAudit(home, (audit) => approveProposal(store, proposal, by, { clock, audit }))
    if (json) return console.log(JSON.stringify({ version: number, hash }))
    console.log(`Version ${number} of the access rules is in force.`)
  })
}

/** By the person who made it. */
export async function accessWithdraw(proposal: string, { json }: Json) {
  const by = await actingPerson()
  await withHome(async (home) => {
    const { id } = await withAudit(home, (audit) => withdrawProposal(home.store, proposal, by, { clock, audit }))
    if (json) return console.log(JSON.stringify({ proposal: id, state: 'withdrawn' }))
    console.log(`Proposal ${id} is withdrawn.`)
  })
}

export async function accessRefuse(proposal: string, { reason, json }: Json & { reason: string }) {
  const by = await actingPerson()
  await withHome(async (home) => {
    const { id } = await withAudit(home, (audit) => refuseProposal(home.store, proposal, reason, by, { clock, audit }))
    if (json) return console.log(JSON.stringify({ proposal: id, state: 'refused' }))
    console.log(`Proposal ${id} is refused.`)
  })
}

const KNOWN =
  'The persons are those who are in the groups today. Which groups somebody had then, the log has with each of their actions (muniment audit find --person ID --json).'
const UNKNOWN =
  'Who is in the groups is known to the sign-in provider alone. Which groups somebody had then, the log has with each of their actions.'

type Reported = Omit<AccessReport, 'groups'> & { groups: (AccessReport['groups'][number] & { persons?: string[] })[] }

function tellReport({ at, version, since, title, groups }: Reported) {
  console.log(printable(`Who could see what at ${at}, by version ${version} (in force since ${since}): ${title}`))
  for (const { group, roles, duties, domains, persons } of groups) {
    const does = duties.length > 0 ? `; may ${duties.join(', ')}` : ''
    console.log(printable(`${group}: ${roles.join(', ') || 'no grant counted then'}${does}`))
    if (persons) console.log(printable(`  persons: ${persons.join(', ') || 'none'}`))
    for (const { application, domain, grant, sensitivities, right, sees, useCases } of domains) {
      const shown = sensitivities.join(', ') || 'nothing sensitive'
      const beyond = sees.length > 0 ? `; in spite of ${sees.join(', ')}` : ''
      const only = useCases.includes('*') ? '' : `; only ${useCases.join(', ')}`
      console.log(printable(`  ${application} ${domain}: ${shown}; ${right}${beyond}${only} [${grant}]`))
    }
    if (domains.length === 0) console.log('  no records')
  }
}

/** By the version that was in force at the moment, for the applications as their models are now. */
export async function accessReportCommand(options: Json & { at?: string; application?: string }) {
  const at = readMoment(options.at, '--at')
  const subjects = await loadSubjects(readSettings().templatesRoot, options.application)
  await withHome(async ({ store }) => {
    const version = versionAt(await readChain(store), at)
    if (!version)
      throw new NotFoundError(`There were no access rules at ${at.toISOString()}, so nobody could see anything.`)
    const report = accessReport(
      version,
      subjects.map(({ application }) => application),
      at,
    )
    const persons = await personsByGroup()
    const groups = report.groups.map((one) => ({ ...one, ...(persons && { persons: persons.get(one.group) ?? [] }) }))
    if (options.json) return console.log(JSON.stringify({ ...report, groups }))
    tellReport({ ...report, groups })
    console.log(persons ? KNOWN : UNKNOWN)
  })
}
