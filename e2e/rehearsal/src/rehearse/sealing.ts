import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { KMSClient } from '@aws-sdk/client-kms'
import { S3Client } from '@aws-sdk/client-s3'
import { announcedKeys, logNameIn } from '@muniment/archive/audit/keys/announced-keys'
import { openKmsSigner } from '@muniment/archive/audit/keys/kms-signer'
import { verifierLine } from '@muniment/archive/audit/keys/note'
import type { ObjectStore } from '@muniment/archive/store/port'
import { createS3Store } from '@muniment/archive/store/s3/s3-store'
import { ownerAt } from '../stand-ins.ts'
import { invoke } from './invoke.ts'
import type { Rehearsal } from './state.ts'

/** Sealer, verifier and upkeep, called as the clock calls them. */
export async function rehearseSealing({ report, standIns, deployed, muniment, api, people }: Rehearsal): Promise<void> {
  const client = new S3Client({ ...ownerAt(standIns.aws), forcePathStyle: true })
  const kms = new KMSClient(ownerAt(standIns.aws))
  const storeOf = (bucket: string) => createS3Store({ client, bucket })
  const copy = join(standIns.folder, 'log')

  await report.step('Sealer: the log is sealed, signed by KMS, and kept by the witness', async () => {
    const { size } = await invoke<{ size: number }>(standIns, 'sealer')
    ok(size > 0, 'The log has entries.')
    const [ours, theirs] = await Promise.all([
      keysOf(storeOf(deployed.bucket), 'audit/checkpoint'),
      keysOf(storeOf(deployed.witnessBucket), 'checkpoints/'),
    ])
    ok(ours.length > 0 && theirs.length > 0, `${ours.length} checkpoints, ${theirs.length} with the witness`)
    return `${size} entries, ${theirs.length} checkpoints with the witness`
  })

  await report.step('`muniment audit verify` with the key that KMS gives: the log is whole', async () => {
    const secrets = storeOf(deployed.secretsBucket)
    const signer = await openKmsSigner(kms, deployed.signingKey, await logNameIn(secrets))
    deepStrictEqual(await announcedKeys(secrets), [verifierLine(signer)])
    await download(storeOf(deployed.bucket), 'audit/', copy)
    await download(storeOf(deployed.witnessBucket), 'checkpoints/', join(copy, 'witness'))
    writeFileSync(join(copy, 'key.txt'), `${verifierLine(signer)}\n`)
    const outcome = JSON.parse(
      await muniment('audit', 'verify', '--files', copy, '--key', join(copy, 'key.txt'), '--json'),
    ) as { ok: boolean }
    strictEqual(outcome.ok, true, JSON.stringify(outcome))
  })

  await report.step('Verifier: finds the log whole, and auditors are told', async () => {
    deepStrictEqual(await invoke(standIns, 'verifier'), { ok: true })
    const told = await api.ask('GET', '/api/audit/verification', { token: await people.token('noor.aziz') })
    strictEqual(told.status, 200, told.body)
    strictEqual((JSON.parse(told.body) as { ok?: boolean }).ok, true, told.body)
  })

  await report.step('Upkeep: runs, and finds nothing that was interrupted', async () => {
    const { interrupted } = await invoke<{ interrupted: number }>(standIns, 'upkeep')
    strictEqual(interrupted, 0)
  })

  client.destroy()
  kms.destroy()
}

async function keysOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list(prefix)) keys.push(key)
  return keys
}

async function download(store: ObjectStore, prefix: string, folder: string): Promise<void> {
  for (const key of await keysOf(store, prefix)) {
    const found = await store.get(key)
    if (!found) continue
    mkdirSync(dirname(join(folder, key)), { recursive: true })
    writeFileSync(join(folder, key), found.body)
  }
}
