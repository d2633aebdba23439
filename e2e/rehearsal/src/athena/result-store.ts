export interface S3Location {
  readonly bucket: string
  readonly key: string
}

/** Where results go: S3, or memory in tests. */
export interface ResultStore {
  bucketExists(bucket: string): Promise<boolean>
  /** `body`: the content, or the path of a file with it. */
  put(location: S3Location, body: Buffer | { readonly file: string }, contentType: string): Promise<void>
  /** Bytes from an offset on; undefined where there is no such object. */
  read(location: S3Location, from: number): Promise<AsyncIterable<Uint8Array> | undefined>
  list(location: S3Location, limit?: number): Promise<string[]>
}

export function parseS3(address: string): S3Location | undefined {
  const found = /^s3[an]?:\/\/([^/]+)\/?(.*)$/s.exec(address)
  return found?.[1] ? { bucket: found[1], key: found[2] ?? '' } : undefined
}

export const s3Address = ({ bucket, key }: S3Location) => `s3://${bucket}/${key}`
