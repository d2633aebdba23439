/** Blocks of 64 bytes that a message may have, its padding included. */
export const MOST_BLOCKS: number

/** All places are addresses in the memory; what lies below `free` is not the caller's. */
export interface Lanes {
  free: number
  /** The memory, made at least as large as this; what was got before is then no longer it. */
  bytes(size: number): Uint8Array
  /**
   * SHA-256 of a byte, 16 bytes at `salt`, the bytes from `hashes` to `hashesEnd` (a multiple of 32) and `size` bytes at `values`. It is
   * at `to` at the latest after `finish`; the parts are not read again. False for a message that is too long.
   */
  add(kind: number, salt: number, hashes: number, hashesEnd: number, values: number, size: number, to: number): boolean
  /** Leaves what is waiting unhashed. */
  forget(): void
  finish(): void
}

export function createLanes(): Lanes
