import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import { samplePeople } from '@muniment/archive/identity/sample-people'
import { addressesOf, openWithoutToken } from './addresses.ts'
import type { Answer } from './api.ts'
import { APPLICATION } from './environment.ts'
import type { Rehearsal } from './state.ts'

interface Offered {
  readonly name: string
  readonly examples: readonly { readonly inputs: Record<string, string> }[]
}

const absent = 'no-such-use-case'
const absentExport = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071_0123456789ab'
const lead = 'ingrid.solberg'
/** What the embedded product has before AWS. */
const notInAwsYet = /^\/api\/(holds|retention)(\/|$)/

/** Who gets what at which address, through the gateway: as the embedded product answers, which has tests of its own. */
export async function rehearseMatrix({ report, api, embedded, people }: Rehearsal): Promise<void> {
  const openapi = '/api/openapi.json'
  const documents = {
    aws: await api.ask('GET', openapi, { token: await people.token(lead) }),
    embedded: await embedded.api.ask('GET', openapi, { token: await embedded.token(lead) }),
  }
  const addresses = addressesOf(documents.aws)

  await report.step('Matrix: AWS has the addresses of the embedded product', async () => {
    const there = new Set(addresses.map(({ method, path }) => `${method} ${path}`))
    const missing = addressesOf(documents.embedded).filter(({ method, path }) => !there.has(`${method} ${path}`))
    deepStrictEqual(
      missing.filter(({ path }) => !notInAwsYet.test(path)),
      [],
    )
    if (missing.length > 0) report.cannot(`Holds and retention, ${missing.length} addresses: they are not in AWS yet.`)
    return `${addresses.length} addresses, ${missing.length} of holds and retention not yet`
  })

  await report.step('Matrix: without a token the gateway answers nothing but the open addresses', async () => {
    for (const { method, path, body } of addresses) {
      const { status, body: text } = await api.ask(method, path, body === undefined ? {} : { body })
      if (openWithoutToken(path)) continue
      strictEqual(status, 401, `${method} ${path}`)
      // The function would name itself in a problem document.
      deepStrictEqual(JSON.parse(text), { message: 'Unauthorized' }, `${method} ${path}`)
    }
    return `${addresses.length} addresses`
  })

  const useCases = new Map<string, Record<string, string>>([[absent, {}]])
  for (const { id } of samplePeople) {
    const path = `/api/applications/${APPLICATION}/use-cases`
    const { status, body } = await embedded.api.ask('GET', path, { token: await embedded.token(id) })
    if (status === 200)
      for (const { name, examples } of JSON.parse(body) as Offered[]) useCases.set(name, examples[0]?.inputs ?? {})
  }

  for (const { id } of samplePeople)
    await report.step(`Matrix: ${id} at every address and every use case`, async () => {
      const counts = { answered: 0, refused: 0 }
      const both = async (method: string, path: string, body: unknown) => {
        const asked = { ...(body !== undefined && { body }) }
        const [there, here] = await Promise.all([
          api.ask(method, path, { token: await people.token(id), ...asked }),
          embedded.api.ask(method, path, { token: await embedded.token(id), ...asked }),
        ])
        strictEqual(there.status, here.status, `${method} ${path}: ${there.body.slice(0, 500)}`)
        if (there.status >= 400) deepStrictEqual(problemIn(there), problemIn(here), `${method} ${path}`)
        counts[there.status < 400 ? 'answered' : 'refused'] += 1
        return there
      }
      for (const { method, path, body } of addresses) await both(method, path, body)
      const estimate = (useCase: string, inputs: object) =>
        both('POST', '/api/searches/estimate', { application: APPLICATION, useCase, inputs })
      const unknown = await estimate(absent, {})
      ok(unknown.status === 404)
      for (const [useCase, inputs] of useCases) {
        const found = await estimate(useCase, inputs)
        // What one may not see is told as what is not there.
        if (found.status !== 200) deepStrictEqual(problemIn(found), problemIn(unknown), useCase)
      }
      return `${counts.answered} answered, ${counts.refused} refused`
    })

  await report.step("Matrix: another's file and one that is not there are answered alike, for everybody", async () => {
    const token = await people.token(lead)
    const search = await api.search(token, { useCase: 'claim-file', inputs: { claim_number: 'S10000002001' } })
    const made = await api.exported(token, search.id, { panel: 'payments', format: 'csv' })
    strictEqual(made.state, 'done', JSON.stringify(made.problem))
    for (const { id } of samplePeople) {
      if (id === lead) continue
      for (const [method, path, body] of [
        ['GET', '/api/exports/ID', undefined],
        ['GET', '/api/exports/ID/file', undefined],
        ['GET', '/api/exports/ID/companion', undefined],
        ['POST', '/api/exports/ID/address', { of: 'file' }],
        ['DELETE', '/api/exports/ID', undefined],
      ] as const) {
        const read = async (one: string) => {
          const own = { token: await people.token(id), ...(body && { body }) }
          const { status, body: text } = await api.ask(method, path.replace('ID', one), own)
          return { status, text: text.replaceAll(one, 'ID') }
        }
        const others = await read(made.id)
        strictEqual(others.status, 404, `${id} ${method} ${path}`)
        deepStrictEqual(others, await read(absentExport), `${id} ${method} ${path}`)
      }
    }
    // And it is still whose it is.
    ok((await api.file(await people.token(lead), made.id)).body.length > 0)
  })
}

/** A problem without what names this one request. */
function problemIn({ status, body }: Answer): unknown {
  try {
    const { instance: _, ...problem } = JSON.parse(body) as Record<string, unknown>
    return { status, problem }
  } catch {
    return { status, body }
  }
}
