import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import { ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3'
import { ownerAt } from '../stand-ins.ts'
import { type Cdk, deploy } from './deploy.ts'
import { ENVIRONMENT } from './environment.ts'
import { publish, upload } from './load.ts'
import type { Rehearsal } from './state.ts'

/** The same deployed, loaded and published again. */
export async function rehearseAgain({ report, standIns, deployed, muniment }: Rehearsal, cdk: Cdk): Promise<void> {
  await report.step('A second deploy changes nothing and loses nothing', async () => {
    const before = await versions(standIns.aws, deployed.bucket, 'archive/')
    const { deployed: now, printed } = await deploy(cdk, standIns.folder)
    deepStrictEqual(now, deployed)
    strictEqual(printed.match(/\(no changes\)/g)?.length, 3, printed.slice(-2_000))
    deepStrictEqual(await versions(standIns.aws, deployed.bucket, 'archive/'), before)
    return undefined
  })

  await report.step('Uploading and publishing again changes nothing', async () => {
    const before = await versions(standIns.aws, deployed.bucket, 'archive/')
    await upload(muniment)
    deepStrictEqual(await versions(standIns.aws, deployed.bucket, 'archive/'), before)
    const { applications, rules } = await publish(muniment, standIns.folder)
    ok(applications.every(({ changed }) => !changed))
    strictEqual(rules?.state, 'unchanged')
    return undefined
  })
}

/** All stacks go; what an archive consists of stays. */
export async function rehearseTeardown({ report, standIns, deployed }: Rehearsal, cdk: Cdk): Promise<void> {
  await report.step('Destroying the stacks leaves every record, the log, its keys and the witness', async () => {
    const kept = [
      [deployed.bucket, 'archive/'],
      [deployed.bucket, 'audit/'],
      [deployed.secretsBucket, ''],
      [deployed.witnessBucket, ''],
    ] as const
    // The clock of the environment writes on until the service is gone: it goes first.
    await cdk('destroy', `muniment-${ENVIRONMENT}-service`, '--force')
    const before = await Promise.all(kept.map(([bucket, prefix]) => versions(standIns.aws, bucket, prefix)))
    ok(before.every(({ length }) => length > 0))
    const refused = await cdk('destroy', '--all', '--force').then(
      () => 'carried out',
      (error: Error) => error.message,
    )
    deepStrictEqual(await Promise.all(kept.map(([bucket, prefix]) => versions(standIns.aws, bucket, prefix))), before)
    const protectedBy = refused.includes('TerminationProtection') ? ', the archive stack refused to go' : ''
    return `${before.map(({ length }) => length).join(' + ')} objects${protectedBy}`
  })
}

async function versions(aws: string, Bucket: string, Prefix: string): Promise<string[]> {
  const s3 = new S3Client({ ...ownerAt(aws), forcePathStyle: true })
  const found: string[] = []
  let more: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {}
  while (more) {
    const page: Awaited<ReturnType<typeof listed>> = await listed(s3, { Bucket, Prefix, ...more })
    for (const { Key, VersionId, ETag } of page.Versions ?? []) found.push(`${Key} ${VersionId} ${ETag}`)
    for (const { Key, VersionId } of page.DeleteMarkers ?? []) found.push(`${Key} ${VersionId} deleted`)
    more = page.IsTruncated
      ? {
          ...(page.NextKeyMarker !== undefined && { KeyMarker: page.NextKeyMarker }),
          ...(page.NextVersionIdMarker !== undefined && { VersionIdMarker: page.NextVersionIdMarker }),
        }
      : undefined
  }
  s3.destroy()
  return found.sort()
}

const listed = (s3: S3Client, input: { Bucket: string; Prefix: string }) =>
  s3.send(new ListObjectVersionsCommand(input))
