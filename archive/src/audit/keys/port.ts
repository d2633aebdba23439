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
}

/** Who signs checkpoints: a file's key, or one of KMS that never leaves it (Ed25519, RAW). */
export interface Signer {
  /** Name of the log, which is also the checkpoint's origin; the same after a rotation. */
  readonly name: string
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Buffer
  sign(bytes: Buffer): Promise<Buffer>
}
