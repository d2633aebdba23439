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

interface Entry {
  name: string
  xml: string
}

/** Of entries in the order of their names, those of the page after `after`. */
function page(entries: Entry[], after: string, size: number) {
  const left = entries.filter(({ name }) => after === '' || Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0)
  const shown = left.slice(0, size)
  return { shown: shown.map(({ xml }) => xml), last: left.length > size ? (shown.at(-1)?.name ?? '') : undefined }
}

export function listXml(bucket: FakeBucket, query: URLSearchParams, pageSize: number): string {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const entries = new Map<string, Entry>()
  for (const key of bucket.keys()) {
    const object = bucket.current(key)
    if (!key.startsWith(prefix) || !object) continue
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const name = cut < 0 ? key : key.slice(0, cut + 1)
    const common = element('CommonPrefixes', element('Prefix', named(name)))
    const content = element(
      'Contents',
      element('Key', named(key)),
      element('LastModified', object.modified.toISOString()),
      element('ETag', escaped(`"${object.etag}"`)),
      element('Size', String(object.body.length)),
    )
    if (!entries.has(name)) entries.set(name, { name, xml: cut < 0 ? content : common })
  }
  const token = Buffer.from(query.get('continuation-token') ?? '', 'base64url').toString()
  const { shown, last } = page([...entries.values()], token, pageSize)
  const next = last === undefined ? '' : element('NextContinuationToken', Buffer.from(last).toString('base64url'))
  return element('ListBucketResult', element('IsTruncated', String(last !== undefined)), next, ...shown)
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
