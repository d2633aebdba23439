import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFileStore } from '@muniment/archive/store/file-store'
import { expect, it, onTestFinished } from 'vitest'
import { createStoredVerification, storeVerification } from '../../src/audit/stored-verification.ts'

async function opened() {
  const folder = await mkdtemp(join(tmpdir(), 'muniment-verified-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return openFileStore(folder)
}

it('what another process found of the log is told, the newest of it', async () => {
  const store = await opened()
  let asked = 0
  const verification = createStoredVerification(store, async () => {
    asked += 1
  })
  expect(await verification.state()).toMatchObject({ state: 'never' })
  await storeVerification(store, { state: 'running', sentences: [], findings: [] })
  expect(await verification.state()).toMatchObject({ state: 'running' })
  const outcomes = [1, 2, 3].map((number) => ({
    state: 'done' as const,
    ok: true,
    sentences: [`${number}`],
    findings: [],
  }))
  for (const outcome of outcomes) await storeVerification(store, outcome)
  expect(await verification.state()).toEqual(outcomes[2])
  expect(asked).toBe(0)
})

it('who asks for a check is told that it is at work from then on, though another process begins it later', async () => {
  const store = await opened()
  const at = (state: 'running' | 'done') => storeVerification(store, { state, sentences: [], findings: [] })
  await at('done')
  const verification = createStoredVerification(store, async () => void setTimeout(() => void at('running'), 300))
  await verification.now()
  expect(await verification.state()).toMatchObject({ state: 'running' })
})

it('who asks for a check that nobody begins is not kept waiting', async () => {
  const store = await opened()
  await createStoredVerification(store, async () => undefined, 50).now()
  expect(await createStoredVerification(store, async () => undefined).state()).toMatchObject({ state: 'never' })
})

it('two processes that found something at once leave one of both', async () => {
  const store = await opened()
  const of = (name: string) => ({ state: 'done' as const, ok: true, sentences: [name], findings: [] })
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => storeVerification(store, of(name))))
  const { sentences } = await createStoredVerification(store, async () => undefined).state()
  expect(['a', 'b', 'c', 'd']).toContain(sentences[0])
})
