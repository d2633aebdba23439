/**
 * Keys of commitments (one a day) and of records' tokens (one a month), apart from the log, so that they can be forgotten
 * while the log still verifies. In AWS a secrets manager fills this in.
 */
export interface Secrets {
  /** 32 bytes for a day (`2026-11-05`) or a month (`2026-11`), made when first asked for; every process gets the same. */
  key(period: string): Promise<Buffer>
  /** Undefined where there never was one, or it was forgotten. */
  find(period: string): Promise<Buffer | undefined>
  /** Forgets the keys of days and months that ended before this day; gives their names. Throws InputError for a day to come. */
  forget(before: string): Promise<string[]>
  /**
   * The key by which the log's own processes are told from others who can write its files. `found` is called only where it is made:
   * hashes of the objects that are there then, of which nobody can say any more who wrote them.
   */
  streamKey(found: () => Promise<string[]>): Promise<StreamKey>
}

/** MACs the objects of streams: a file's key, or one of KMS that never leaves it (HMAC_256, GenerateMac). */
export interface StreamKey {
  /** 8 hexadecimal digits. */
  readonly id: string
  /** HMAC-SHA256. */
  mac(text: string): Promise<Buffer>
  /** Whether an object with this sha-256 was there, and in no seal, when the key was made. */
  wasFound(hash: string): boolean
}

/** Who signs checkpoints: a file's key, or one of KMS that never leaves it (Ed25519, RAW). */
export interface Signer {
  /** Name of the log, which is also the checkpoint's origin; the same after a rotation. */
  readonly name: string
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Buffer
  sign(bytes: Buffer): Promise<Buffer>
}
