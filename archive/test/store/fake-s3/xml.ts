import { compareKeys } from '../../../src/store/keys.ts'
import type { FakeBucket } from './bucket.ts'

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
/** As S3 encodes names when it is asked to: a space becomes `+`. */
const named = (key: string) =>
  encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+')
    .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)

export const element = (name: string, ...content: string[]) => `<${name}>${content.join('')}</${name}>`
export const errorXml = (code: string) => element('Error', element('Code', code), element('Message', `${code} as told`))

/** One page, by entries (an object, or what lies below a folder) in the order of their names. */
export function listXml(bucket: FakeBucket, query: URLSearchParams, pageSize: number): string {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64url').toString()
  const shown: string[] = []
  let last = ''
  let more = false
  for (const key of bucket.keys()) {
    if (!key.startsWith(prefix)) continue
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const name = cut < 0 ? key : key.slice(0, cut + 1)
    if (name === last || (after !== '' && compareKeys(name, after) <= 0)) continue
    const object = bucket.current(key)
    if (!object) continue
    more = shown.length === pageSize
    if (more) break
    last = name
    const { modified, etag, body } = object
    const content = [
      element('Key', named(key)),
      element('LastModified', modified.toISOString()),
      element('ETag', escaped(`"${etag}"`)),
      element('Size', String(body.length)),
    ]
    shown.push(cut < 0 ? element('Contents', ...content) : element('CommonPrefixes', element('Prefix', named(name))))
  }
  const next = more ? element('NextContinuationToken', Buffer.from(last).toString('base64url')) : ''
  return element(
    'ListBucketResult',
    element('EncodingType', 'url'),
    element('IsTruncated', String(more)),
    next,
    ...shown,
  )
}

export function versionsXml(bucket: FakeBucket, query: URLSearchParams, pageSize: number): string {
  const prefix = query.get('prefix') ?? ''
  const all = bucket.keys().flatMap((key) => {
    const versions = bucket.versions(key)
    return key.startsWith(prefix)
      ? versions.map((version) => ({ key, version, latest: version === versions.at(-1) })).reverse()
      : []
  })
  const marker = query.get('key-marker')
  const from = all.findIndex(({ key, version }) => key === marker && version.id === query.get('version-id-marker')) + 1
  const shown = all.slice(from, from + pageSize)
  const last = from + pageSize < all.length ? shown.at(-1) : undefined
  return element(
    'ListVersionsResult',
    element('EncodingType', 'url'),
    element('IsTruncated', String(last !== undefined)),
    last ? element('NextKeyMarker', named(last.key)) + element('NextVersionIdMarker', last.version.id) : '',
    ...shown.map(({ key, version, latest }) =>
      element(
        version.body ? 'Version' : 'DeleteMarker',
        element('Key', named(key)),
        element('VersionId', version.id),
        element('IsLatest', String(latest)),
        element('LastModified', version.modified.toISOString()),
        version.body
          ? element('ETag', escaped(`"${version.etag}"`)) + element('Size', String(version.body.length))
          : '',
      ),
    ),
  )
}
