import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InputError, OperatorError } from '../../src/errors.ts'
import type { ObjectVersion } from '../../src/store/port.ts'
import { openOnFake } from './s3-support.ts'

let opened: Awaited<ReturnType<typeof openOnFake>>
beforeEach(async () => {
  opened = await openOnFake({ versioned: true, pageSize: 3 }, { prefix: 'below/' })
})
afterEach(() => opened.close())

async function versionsOf(prefix: string): Promise<ObjectVersion[]> {
  const versions: ObjectVersion[] = []
  for await (const version of opened.store.versions.list(prefix)) versions.push(version)
  return versions
}

describe('versions in the S3 store', () => {
  it('lists what was replaced and removed, of each key the latest first', async () => {
    const { store } = opened
    const first = await store.create('a/ä+ b', '1')
    const second = await store.replace('a/ä+ b', '22', first.etag)
    await store.remove('a/ä+ b', second.etag)
    for (let n = 0; n < 5; n++) await store.create(`a/other-${n}`, 'x')
    const versions = await versionsOf('a/')
    const shown = versions.filter(({ key }) => key === 'a/ä+ b')
    expect(shown.map(({ latest, deleteMarker }) => [latest, deleteMarker])).toEqual([
      [true, true],
      [false, false],
      [false, false],
    ])
    expect(shown.map(({ etag }) => etag)).toEqual(expect.arrayContaining([undefined, first.etag, second.etag]))
    expect(versions).toHaveLength(8)
    expect(new Set(versions.map(({ versionId }) => versionId)).size).toBe(8)
    expect(await versionsOf('b')).toEqual([])
    expect(await store.versions.state()).toBe('enabled')
  })

  it('removes a version for good, and again without complaint', async () => {
    const { store } = opened
    const { etag } = await store.create('key', '1')
    await store.replace('key', '2', etag)
    const old = (await versionsOf('key')).find(({ latest }) => !latest)
    await store.versions.remove('key', old?.versionId ?? '')
    await store.versions.remove('key', old?.versionId ?? '')
    expect(await versionsOf('key')).toMatchObject([{ latest: true, size: 1 }])
    expect((await store.get('key'))?.body.toString()).toBe('2')
  })

  it('makes an object readable again when its delete marker goes first', async () => {
    const { store } = opened
    await store.create('key', '1')
    await store.remove('key')
    const [marker] = await versionsOf('key')
    await store.versions.remove('key', marker?.versionId ?? '')
    expect((await store.get('key'))?.body.toString()).toBe('1')
  })

  it('lists and removes versions of names that are no keys of ours', async () => {
    opened.s3.bucket.put('below/.hidden//x', Buffer.from('x'), {}, {})
    const [version] = await versionsOf('')
    expect(version).toMatchObject({ key: '.hidden//x' })
    await opened.store.versions.remove('.hidden//x', version?.versionId ?? '')
    expect(await versionsOf('')).toEqual([])
  })

  it('refuses to remove a version that is not named, which would remove the latest', async () => {
    await opened.store.create('key', '1')
    await expect(opened.store.versions.remove('key', '')).rejects.toThrow(InputError)
    expect(await versionsOf('key')).toHaveLength(1)
  })

  it('leaves no marker where there was nothing to remove', async () => {
    await opened.store.remove('never')
    expect(opened.s3.bucket.versions('below/never')).toEqual([])
  })
})

describe('an address from the S3 store', () => {
  const options = { seconds: 60, fileName: 'Müller\'s "Verträge" (1)*.csv', contentType: 'text/csv; charset=utf-8' }

  it('gives the bytes with file name and type to whoever has it', async () => {
    await opened.store.create('exports/ä b+.csv', 'a,b')
    const response = await fetch(await opened.store.presign('exports/ä b+.csv', options))
    expect(await response.text()).toBe('a,b')
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="M_ller_s__Vertr_ge___1__.csv"; filename*=UTF-8''M%C3%BCller%27s%20%22Vertr%C3%A4ge%22%20%281%29%2A.csv`,
    )
  })

  it('ends when it was told to', async () => {
    const address = new URL(await opened.store.presign('key', options))
    expect(address.searchParams.get('X-Amz-Expires')).toBe('60')
  })

  it.each([0, -1, 1.5, Number.NaN, 604_801])('is refused for %d seconds', async (seconds) => {
    await expect(opened.store.presign('key', { ...options, seconds })).rejects.toThrow(OperatorError)
  })
})
