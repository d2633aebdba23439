import { readFileSync } from 'node:fs'
import { type ResultStore, s3Address } from '../../src/athena/result-store.ts'

/** S3 in memory, in pieces of a few bytes so that readers meet every place to be cut at. Its bucket is `bucket`. */
export function createMemoryStore(pieceBytes = 7) {
  const objects = new Map<string, Buffer>()
  const store: ResultStore = {
    bucketExists: async (bucket) => bucket === 'bucket',
    async put(location, body) {
      objects.set(s3Address(location), Buffer.isBuffer(body) ? body : readFileSync(body.file))
    },
    async read(location, from) {
      const found = objects.get(s3Address(location))
      return found && pieces(found.subarray(from), pieceBytes)
    },
    list: async (location, limit) =>
      [...objects.keys()]
        .filter((address) => address.startsWith(s3Address(location)))
        .map((address) => address.slice(`s3://${location.bucket}/`.length))
        .slice(0, limit),
  }
  return { store, objects }
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
