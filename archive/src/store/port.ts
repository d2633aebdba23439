/**
 * Where bytes are kept. The two promises everything else rests on: create fails when the key exists, replace
 * fails unless the object is still the one that was read. Keys are relative paths with `/`, as S3's.
 */
import type { Readable } from 'node:stream'

export interface ObjectInfo {
  key: string
  /** Opaque; equal only while the content is the same. */
  etag: string
  /** Bytes. */
  size: number
  /** By the store's clock where it was read, by the writer's in the answer to a write. */
  modified: Date
}

export interface StoredObject extends ObjectInfo {
  body: Buffer
}

/** One of several that a key had in a versioned store; a delete marker is one without bytes. */
export interface ObjectVersion {
  key: string
  versionId: string
  /** Whether it is what a reader gets now: of a delete marker, that nothing is there. */
  latest: boolean
  deleteMarker: boolean
  /** Absent for a delete marker. */
  etag?: string
  /** Bytes; 0 for a delete marker. */
  size: number
  modified: Date
}

export interface ObjectVersions {
  /** Whether removing and replacing keep what was there. */
  state(): Promise<'enabled' | 'suspended' | 'never'>
  /** In key order, of each key the latest first, then as the times tell. Keys that this code would refuse are listed too. */
  list(prefix: string): AsyncIterable<ObjectVersion>
  /** Removes one version or delete marker for good. Absent is no error. */
  remove(key: string, versionId: string): Promise<void>
}

export interface ObjectStore {
  /** Undefined where there is none. */
  head(key: string): Promise<ObjectInfo | undefined>
  get(key: string): Promise<StoredObject | undefined>
  /** Bytes `start` (inclusive) to `end` (exclusive); with `etag` it throws ConflictError when the object changed. */
  stream(key: string, range?: { start?: number; end?: number; etag?: string }): Promise<Readable>
  /** Throws ConflictError when the key exists. */
  create(key: string, body: Buffer | string): Promise<ObjectInfo>
  /** Throws ConflictError unless the object's ETag is `etag`. */
  replace(key: string, body: Buffer | string, etag: string): Promise<ObjectInfo>
  /**
   * Moves a finished local file in place, create-only; for objects too large to hold in memory. `known`: what whoever wrote it found its
   * hash (hex) to be, so that a store that goes by it need not read the file again.
   */
  createFromFile(key: string, file: string, known?: { sha256: string }): Promise<ObjectInfo>
  /** Moves a finished local file in the place of the object, which must have `etag`. */
  replaceFromFile(key: string, file: string, etag: string): Promise<ObjectInfo>
  /** Creates from a stream of any length in bounded memory. Where the stream fails, nothing is created and its error is thrown. */
  createFromStream(key: string, body: Readable): Promise<ObjectInfo>
  /**
   * Removes; with `etag` only while it is that object. Absent is no error. Where the store keeps versions, what was removed is one
   * of them until it is removed there too.
   */
  remove(key: string, etag?: string): Promise<void>
  /** In key order. Looks at each object: where its ETag is not known, that reads it. */
  list(prefix: string): AsyncIterable<ObjectInfo>
  /**
   * Names directly below a folder (a prefix that ends with `/`), in key order and without a look at what they name: of objects,
   * and with `/` after them of folders, which may have become empty.
   */
  names(folder: string): AsyncIterable<string>
  /** A short-lived address of an object for a browser, or undefined where the store gives none (then the API serves it). */
  presign?(key: string, options: { seconds: number; fileName: string; contentType: string }): Promise<string>
  /** Only of a store that can keep older versions. */
  versions?: ObjectVersions
}
