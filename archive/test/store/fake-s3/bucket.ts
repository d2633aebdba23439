import { createHash, randomUUID } from 'node:crypto'
import { compareKeys } from '../../../src/store/keys.ts'
import { Refusal } from './refusal.ts'

export interface Version {
  id: string
  /** Undefined in a delete marker. */
  body: Buffer | undefined
  etag: string
  metadata: Record<string, string>
  modified: Date
}

interface Upload {
  key: string
  metadata: Record<string, string>
  parts: Map<number, { body: Buffer; etag: string }>
}

export interface Conditions {
  ifMatch?: string | undefined
  ifNoneMatch?: string | undefined
}

const md5 = (body: Buffer) => createHash('md5').update(body).digest()

/** A bucket's objects and what may be done to them, as S3 documents it. `opaqueEtags`: as with a KMS key, not of the content. */
export function createBucket({ versioned = false, opaqueEtags = false } = {}) {
  const keys = new Map<string, Version[]>()
  let sorted: string[] | undefined
  const uploads = new Map<string, Upload>()

  const current = (key: string): (Version & { body: Buffer }) | undefined => {
    const version = keys.get(key)?.at(-1)
    return version?.body === undefined ? undefined : { ...version, body: version.body }
  }
  const etagOf = (etag: string) => (opaqueEtags ? randomUUID().replaceAll('-', '') : etag)

  function mayWrite(key: string, { ifMatch, ifNoneMatch }: Conditions) {
    const there = current(key)
    if (ifNoneMatch === '*' && there) throw new Refusal(412, 'PreconditionFailed')
    if (ifMatch === undefined) return
    if (!there) throw new Refusal(404, 'NoSuchKey')
    if (ifMatch !== '*' && ifMatch !== `"${there.etag}"`) throw new Refusal(412, 'PreconditionFailed')
  }

  function add(key: string, version: Omit<Version, 'id' | 'modified'>): Version {
    const added = { ...version, id: versioned ? randomUUID() : 'null', modified: new Date() }
    if (!keys.has(key)) sorted = undefined
    keys.set(key, versioned ? [...(keys.get(key) ?? []), added] : [added])
    return added
  }

  const uploadOf = (id: string): Upload => {
    const upload = uploads.get(id)
    if (!upload) throw new Refusal(404, 'NoSuchUpload')
    return upload
  }

  return {
    current,
    /** How many uploads are neither completed nor aborted. */
    openUploads: () => uploads.size,
    versions: (key: string) => keys.get(key) ?? [],
    keys: () => {
      sorted ??= [...keys.keys()].sort(compareKeys)
      return sorted
    },

    put(key: string, body: Buffer, metadata: Record<string, string>, conditions: Conditions): Version {
      mayWrite(key, conditions)
      return add(key, { body, etag: etagOf(md5(body).toString('hex')), metadata })
    },

    remove(key: string, conditions: Conditions) {
      const there = current(key)
      if (there && conditions.ifMatch !== undefined && !['*', `"${there.etag}"`].includes(conditions.ifMatch))
        throw new Refusal(412, 'PreconditionFailed')
      if (versioned) add(key, { body: undefined, etag: '', metadata: {} })
      else if (keys.delete(key)) sorted = undefined
    },

    removeVersion(key: string, id: string) {
      const left = (keys.get(key) ?? []).filter((version) => version.id !== id)
      if (left.length > 0) keys.set(key, left)
      else if (keys.delete(key)) sorted = undefined
    },

    begin(key: string, metadata: Record<string, string>): string {
      const id = randomUUID()
      uploads.set(id, { key, metadata, parts: new Map() })
      return id
    },

    addPart(id: string, number: number, body: Buffer): string {
      const etag = md5(body).toString('hex')
      uploadOf(id).parts.set(number, { body, etag })
      return etag
    },

    complete(id: string, named: { number: number; etag: string }[], conditions: Conditions): Version {
      const { key, metadata, parts } = uploadOf(id)
      mayWrite(key, conditions)
      const bodies = named.map(({ number, etag }) => {
        const part = parts.get(number)
        if (!part || `"${part.etag}"` !== etag) throw new Refusal(400, 'InvalidPart')
        return part.body
      })
      const etag = `${md5(Buffer.concat(bodies.map(md5))).toString('hex')}-${bodies.length}`
      uploads.delete(id)
      return add(key, { body: Buffer.concat(bodies), etag: etagOf(etag), metadata })
    },

    abort(id: string) {
      uploadOf(id)
      uploads.delete(id)
    },
  }
}

export type FakeBucket = ReturnType<typeof createBucket>
