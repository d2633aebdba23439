import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import { AthenaClient, GetQueryExecutionCommand, ListQueryExecutionsCommand } from '@aws-sdk/client-athena'
import { samplePeople } from '@muniment/archive/identity/sample-people'
import { ownerAt } from '../stand-ins.ts'
import { sameAnswers } from './same.ts'
import type { Rehearsal } from './state.ts'
import { expired, withBrokenSignature } from './tokens.ts'

const example = { useCase: 'claim-file', inputs: { claim_number: 'S10000002001' } }
/** Of those who see no claims. */
const other = { useCase: 'policy-file', inputs: { policy_number: '100000025' } }
const absent = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071'
const lead = 'ingrid.solberg'

/** The HTTP API through API Gateway and its authorizer. */
export async function rehearseAnswers(rehearsal: Rehearsal): Promise<void> {
  const { report, api, embedded, people, standIns, deployed } = rehearsal

  await report.step('API: the first answer of a cold function', async () => {
    const begun = performance.now()
    strictEqual((await api.ask('GET', '/api/health')).status, 200)
    const ms = Math.round(performance.now() - begun)
    report.figure('first answer of a cold API function, ms', ms)
    return `${ms} ms`
  })

  await report.step('Authorizer: no token, a broken, an expired and an ID token are refused', async () => {
    const token = await people.token(lead)
    const tokens: [string, string | undefined][] = [
      ['no token', undefined],
      ['a broken signature', withBrokenSignature(token)],
      ['an expired one', await expired(token, standIns.folder, deployed.poolId)],
      ['no JWT', 'abc'],
      ['an ID token', people.signed.get(lead)?.idToken],
    ]
    for (const [name, wrong] of tokens)
      strictEqual((await api.ask('GET', '/api/me', wrong === undefined ? {} : { token: wrong })).status, 401, name)
    strictEqual((await api.ask('GET', '/api/me', { token })).status, 200)
  })

  for (const { id } of samplePeople)
    await report.step(`${id}: the same use cases, answers, masks and left-out panels as embedded`, async () => {
      const [aws, here] = [
        { api, token: await people.token(id) },
        { api: embedded.api, token: await embedded.token(id) },
      ]
      const lists = await Promise.all(
        [aws, here].map((side) => side.api.ask('GET', '/api/applications/pas/use-cases', { token: side.token })),
      )
      const [there, ours] = lists.map(({ status, body }) => ({ status, names: status === 200 ? namesIn(body) : body }))
      deepStrictEqual(there, ours)
      const names = Array.isArray(there?.names) ? there.names : []
      const asked = [example, other].find(({ useCase }) => names.includes(useCase))
      if (!asked) {
        for (const useCase of [example.useCase, 'no-such-use-case']) {
          const body = {
            application: 'pas',
            ...example,
            useCase,
            purpose: { reason: 'system-test', note: 'Rehearsal' },
          }
          const refused = await aws.api.ask('POST', '/api/searches', { token: aws.token, body })
          strictEqual(refused.status, 404, useCase)
        }
        return 'nothing of it is there'
      }
      const found = await sameAnswers(asked.useCase, asked.inputs, aws, here)
      const out = found.there.panels.filter(({ state }) => state === 'left-out').length
      return `${asked.useCase}, ${found.there.panels.length} panels, ${out} left out, ${found.there.inForce?.masks.length ?? 0} tables masked`
    })

  await report.step('A lookup by its number reads what its bound said, at most', async () => {
    const inputs = { policy_number: '100000025' }
    const begun = performance.now()
    const { panels, bytesScanned, bytesAtMost } = await api.search(await people.token(lead), {
      useCase: 'find-policy',
      inputs,
    })
    const ms = Math.round(performance.now() - begun)
    strictEqual(panels[0]?.rows, 1)
    ok(bytesScanned > 0 && bytesAtMost !== undefined && bytesScanned <= bytesAtMost, `${bytesScanned}, ${bytesAtMost}`)
    // A person is told no less than Athena bills for.
    const read = await lastBytesRead(standIns, deployed)
    ok(read > 0 && read <= bytesAtMost, `${read}, ${bytesAtMost}`)
    report.figure('lookup of a policy, bytes read by Trino', read)
    report.figure('lookup of a policy, bytes at most, as told', bytesAtMost)
    report.figure('lookup of a policy, ms', ms)
    return `${read} bytes of at most ${bytesAtMost}, ${ms} ms`
  })

  await report.step("Another's search and one that is not there are answered alike, for everybody", async () => {
    const found = await api.search(await people.token(lead), example)
    const asked = { panel: 'payments', format: 'csv' } as const
    for (const { id } of samplePeople) {
      if (id === lead) continue
      const token = await people.token(id)
      for (const [method, path, body] of [
        ['GET', '/api/searches/ID', undefined],
        ['GET', '/api/searches/ID/panels/summary', undefined],
        ['POST', '/api/searches/ID/exports', asked],
        ['POST', '/api/searches/ID/prints', undefined],
        ['DELETE', '/api/searches/ID', undefined],
      ] as const) {
        const read = async (one: string) => {
          const { status, body: text } = await api.ask(method, path.replace('ID', one), {
            token,
            ...(body && { body }),
          })
          return { status, text: text.replaceAll(one, 'ID') }
        }
        const others = await read(found.id)
        strictEqual(others.status, 404, `${id} ${method} ${path}`)
        deepStrictEqual(others, await read(absent), `${id} ${method} ${path}`)
      }
    }
  })
}

/** A file by the exports function, from its address in S3, equal to the embedded one. */
export async function rehearseExports({ report, api, embedded, people }: Rehearsal): Promise<void> {
  for (const format of ['csv', 'json'] as const)
    await report.step(
      `Export as ${format}: written by its function, fetched from S3, equal to the embedded file`,
      async () => {
        const files = []
        for (const side of [
          { api, token: await people.token(lead) },
          { api: embedded.api, token: await embedded.token(lead) },
        ]) {
          const search = await side.api.search(side.token, example)
          const made = await side.api.exported(side.token, search.id, { panel: 'payments', format })
          strictEqual(made.state, 'done', JSON.stringify(made.problem))
          files.push({ rows: made.rows, ...(await side.api.file(side.token, made.id)) })
        }
        const [there, here] = files
        ok(there && here && there.body.length > 0)
        strictEqual(there.rows, here.rows)
        ok(there.address.searchParams.has('X-Amz-Signature'), 'The address is one that S3 signed.')
        ok(there.body.equals(here.body), `${there.body.subarray(0, 600)}\n---\n${here.body.subarray(0, 600)}`)
        return `${there.rows} rows, ${there.body.length} bytes`
      },
    )

  await report.step(
    'Export: few rows without the right to take many along, none without the right at all',
    async () => {
      const token = await people.token('lena.hart')
      const found = await api.search(token, { useCase: 'find-policy', inputs: { policy_number: '100000157' } })
      const refused = await api.ask('POST', `/api/searches/${found.id}/exports`, {
        token,
        body: { panel: 'policies', format: 'csv' },
      })
      const here = await embedded.api.search(await embedded.token('lena.hart'), {
        useCase: 'find-policy',
        inputs: { policy_number: '100000157' },
      })
      const ours = await embedded.api.ask('POST', `/api/searches/${here.id}/exports`, {
        token: await embedded.token('lena.hart'),
        body: { panel: 'policies', format: 'csv' },
      })
      strictEqual(refused.status, ours.status)
      strictEqual(refused.status, 403)
    },
  )
}

/** Of the query that Athena ran last. */
async function lastBytesRead({ athena }: Rehearsal['standIns'], { workgroup }: Rehearsal['deployed']): Promise<number> {
  const client = new AthenaClient(ownerAt(athena))
  const listed = await client.send(new ListQueryExecutionsCommand({ WorkGroup: workgroup, MaxResults: 1 }))
  const QueryExecutionId = listed.QueryExecutionIds?.[0]
  const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }))
  client.destroy()
  return QueryExecution?.Statistics?.DataScannedInBytes ?? 0
}

const namesIn = (body: string): string[] => (JSON.parse(body) as { name: string }[]).map(({ name }) => name)
