/** A seeded stream of numbers (sfc32). What belongs together is drawn from one stream, so that streams can run on different cores. */
export class Random {
  private a: number
  private b: number
  private c: number
  private d = 1

  /** Streams differ by seed, kind and number; equal arguments give the equal stream. */
  constructor(seed: number, kind: string, number: number) {
    let hash = 2166136261 ^ seed
    for (let i = 0; i < kind.length; i++) hash = Math.imul(hash ^ kind.charCodeAt(i), 16777619)
    this.a = mix(hash)
    this.b = mix(hash ^ number)
    this.c = mix(Math.imul(seed, 0x9e3779b1) + number)
    for (let i = 0; i < 12; i++) this.next()
  }

  /** From 0 to below 1. */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.d) | 0
    this.d = (this.d + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4294967296
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** A whole number from 0 to below `count`. */
  below(count: number): number {
    return Math.floor(this.next() * count)
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  pick<const T extends readonly [unknown, ...unknown[]]>(values: T): T[number] {
    return values[this.below(values.length)] ?? values[0]
  }

  /** Like `pick`, but what stands first comes oftener, as with names. */
  pickEarly<const T extends readonly [unknown, ...unknown[]]>(values: T): T[number] {
    return values[Math.floor(this.next() ** 1.9 * values.length)] ?? values[0]
  }

  /** The first value whose share of the weights is reached. */
  weighted<const T>(values: readonly [readonly [T, number], ...(readonly [T, number])[]]): T {
    let total = 0
    for (const value of values) total += value[1]
    let rest = this.next() * total
    for (const value of values) {
      rest -= value[1]
      if (rest < 0) return value[0]
    }
    return values[0][0]
  }

  /** Bell-shaped around 0 with a standard deviation of about 1, never beyond 3.5. */
  bell(): number {
    return (this.next() + this.next() + this.next() + this.next() - 2) * 1.732
  }

  /** Digits as text. */
  digits(count: number): string {
    let text = ''
    for (let i = 0; i < count; i++) text += String(this.below(10))
    return text
  }
}

function mix(value: number): number {
  let hash = value | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad)
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97)
  return hash ^ (hash >>> 15)
}
