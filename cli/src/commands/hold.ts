import { InputError } from '@muniment/archive/errors'
import { listHolds } from '@muniment/archive/holds/list'
import { placeHold } from '@muniment/archive/holds/place'
import { approveRelease, proposeRelease } from '@muniment/archive/holds/release'
import type { HoldScope } from '@muniment/archive/holds/types'
import { personNamed, SECOND_TOKEN_VARIABLE } from '../person-named.ts'
import { printTable } from '../print-table.ts'
import { printable } from '../printable.ts'
import { withRetention } from '../retention.ts'

interface Json {
  json?: boolean
}

interface Place extends Json {
  application: string
  matter: string
  authority: string
  issuer?: string
  reason: string
  review?: string
  keys?: string
  person?: string
  domain?: string
  class?: string
  all?: boolean
  as: string
}

/** `policies=P1,P2`; a key of several columns has `/` between them. */
function keysScope(text: string): HoldScope {
  const at = text.indexOf('=')
  const keys = text
    .slice(at + 1)
    .split(',')
    .filter((key) => key !== '')
    .map((key) => key.split('/'))
  if (at < 1 || keys.length === 0)
    throw new InputError('--keys is a table and keys of it, as in policies=100000012,100000020.')
  return { kind: 'keys', table: text.slice(0, at), keys }
}

function scopeOf({ keys, person, domain, class: name, all }: Place): HoldScope {
  const scopes: HoldScope[] = [
    ...(keys === undefined ? [] : [keysScope(keys)]),
    ...(person === undefined ? [] : [{ kind: 'person' as const, key: person.split('/') }]),
    ...(domain !== undefined && name !== undefined ? [{ kind: 'class' as const, domain, class: name }] : []),
    ...(domain !== undefined && name === undefined ? [{ kind: 'domain' as const, domain }] : []),
    ...(all ? [{ kind: 'application' as const }] : []),
  ]
  const [scope, ...more] = scopes
  if (!scope || more.length > 0)
    throw new InputError(
      'Say what is held by one of --keys, --person, --domain (with --class for a class of it) and --all.',
    )
  return scope
}

export async function holdPlace(options: Place) {
  const by = await personNamed(options.as)
  const scope = scopeOf(options)
  const { application, matter, authority, issuer, reason, review } = options
  const { hold, late, unchecked, incomplete } = await withRetention(({ holds }) =>
    placeHold(holds, { application, matter, authority, issuer, reason, review, scope, by }),
  )
  if (options.json) return console.log(JSON.stringify({ hold: hold.id, late, unchecked, incomplete }))
  console.log(`Hold ${hold.id} stands.`)
  for (const { run, table, key } of late)
    console.log(printable(`Too late for ${table} ${key.join(' / ')}: run ${run} had decided before.`))
  for (const { run, why } of unchecked) console.log(printable(`Run ${run} could not be looked at: ${why}`))
}

/** Both people, one after the other: who proposes, and who approves. */
export async function holdRelease(hold: string, options: Json & { reason: string; as: string; and: string }) {
  if (options.as === options.and) throw new InputError('Releasing a hold takes two people: --as and --and name one.')
  const first = await personNamed(options.as)
  const second = await personNamed(options.and, SECOND_TOKEN_VARIABLE)
  await withRetention(async ({ holds }) => {
    const [known] = (await listHolds(holds.store)).filter(({ id }) => id === hold)
    // Somebody may have proposed it before.
    if (known?.release?.signed.by !== first.id) await proposeRelease(holds, { hold, reason: options.reason, by: first })
    await approveRelease(holds, { hold, by: second })
  })
  if (options.json) return console.log(JSON.stringify({ hold, state: 'released' }))
  console.log(`Hold ${hold} is released. What it protected falls due as the schedules say.`)
}

export async function holdList(options: Json & { application?: string }) {
  const holds = await withRetention(({ holds: deps }) => listHolds(deps.store, options.application))
  if (options.json)
    return console.log(
      JSON.stringify({
        holds: holds.map(({ id, application, state, placed, released, matter, authority, reason, review, scopes }) => ({
          id,
          application,
          state,
          placed,
          released,
          matter,
          authority,
          reason,
          review,
          scopes,
        })),
      }),
    )
  if (holds.length === 0) return console.log('There are no holds.')
  printTable(
    holds.map(({ id, application, state, placed, matter, authority, review, reviewOverdue }) => ({
      id,
      application,
      state,
      since: placed.slice(0, 10),
      matter,
      authority,
      review: review === undefined ? '' : `${review}${reviewOverdue ? ' (overdue)' : ''}`,
    })),
  )
}
