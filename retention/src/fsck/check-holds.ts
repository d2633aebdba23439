import { readEvents } from '@muniment/archive/holds/events'
import { readRegister } from '@muniment/archive/holds/register'
import { storedClosures } from '@muniment/archive/holds/stored-closures'
import { HoldRegister, type RegisteredHold } from '@muniment/archive/holds/types'
import { closureKey, HOLD_REGISTER, HOLDS_PREFIX, holdPrefix, registerVersionKey } from '@muniment/archive/layout'
import type { ObjectStore } from '@muniment/archive/store/port'
import type { Findings } from './report.ts'

async function namesIn(store: ObjectStore, folder: string): Promise<string[]> {
  const names: string[] = []
  for await (const name of store.names(folder)) names.push(name)
  return names
}

/** The register and each version that it had, what each hold says and what it protects. */
export async function checkHolds(store: ObjectStore, findings: Findings): Promise<void> {
  const folders = await namesIn(store, HOLDS_PREFIX)
  if (folders.length === 0 && !(await usesHolds(store))) return
  let holds: RegisteredHold[] = []
  await findings.guarded('holds', HOLD_REGISTER, async () => {
    const { register } = await readRegister(store)
    holds = register.holds
    await checkVersions(store, register.version, findings)
  })
  findings.report.counts.holds = holds.length
  for (const hold of holds) await findings.guarded('holds', holdPrefix(hold.id), () => checkHold(store, hold, findings))
  for (const name of folders)
    if (/^H-[0-9a-f]{12}\/$/.test(name) && !holds.some(({ id }) => `${id}/` === name))
      findings.problem(
        'holds',
        `${HOLDS_PREFIX}${name}`,
        'This hold never came into the register, so that it protects nothing. Whoever placed it was told that it failed.',
        'records-manager',
        'Place it again, unless that was done; then the operator removes what is left of this one.',
      )
}

/** Anything was planned or destroyed, or loaded: then there is a register. */
async function usesHolds(store: ObjectStore): Promise<boolean> {
  for (const folder of ['retention/', 'loads/']) for await (const _ of store.names(folder)) return true
  return false
}

async function checkVersions(store: ObjectStore, newest: number, findings: Findings): Promise<void> {
  let before: HoldRegister | undefined
  // The newest may still have to be written: whoever changes the register next does that first.
  for (let version = 0; version <= newest; version++) {
    const key = registerVersionKey(version)
    const object = await store.get(key)
    if (!object) {
      if (version < newest) findings.problem('holds', key, 'A version of the hold register is missing.')
      else findings.report.leftovers.push(`${key}: the copy of the register as it is; the next change writes it first.`)
      continue
    }
    const register = HoldRegister.safeParse(parseJson(object.body))
    if (!register.success || register.data.version !== version) {
      findings.problem('holds', key, `This is not version ${version} of the hold register.`)
      continue
    }
    for (const { id, closures } of before?.holds ?? []) {
      const now = register.data.holds.find((hold) => hold.id === id)
      if (!now || closures.some(({ sha256 }, index) => now.closures[index]?.sha256 !== sha256))
        findings.problem('holds', key, `It lacks the hold ${id}, or something that it protected.`)
    }
    before = register.data
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

async function checkHold(store: ObjectStore, hold: RegisteredHold, findings: Findings): Promise<void> {
  const key = holdPrefix(hold.id)
  await storedClosures(store, hold)
  const events = await readEvents(store, hold.id)
  const [first, last] = [events[0], events.at(-1)]
  if (first?.kind !== 'placed' || first.application !== hold.application || first.signed.at !== hold.placed)
    findings.problem('holds', key, 'The register says otherwise how it was placed than its first event does.')
  if (hold.state === 'released' && last?.kind !== 'released')
    findings.problem('holds', key, 'The register has it as released, and nobody signed that.')
  if (hold.state === 'standing' && last?.kind === 'released')
    findings.report.leftovers.push(
      `${key}: its release was interrupted. It stands until an approver approves it again.`,
    )
  for (const event of events)
    if (event.kind === 'released' && event.proposed.by === event.signed.by)
      findings.problem('holds', key, 'One person proposed and approved its release.')
  const named = new Set(hold.closures.map(({ revision, sha256 }) => closureKey(hold.id, revision, sha256)))
  for await (const name of store.names(key))
    if (name.startsWith('closure-') && !named.has(`${key}${name}`))
      findings.report.leftovers.push(`${key}${name}: it came into no register.`)
}
