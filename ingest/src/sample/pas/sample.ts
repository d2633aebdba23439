import type { DeliveryWriter, Row } from './delivery-writer.ts'
import type { Random } from './random.ts'
import type { SampleTruth } from './truth.ts'
import { hostileList } from './words/texts.ts'

/** What every part of the generator writes to. */
export class Sample {
  readonly seed: number
  readonly truth: SampleTruth
  private readonly writer: DeliveryWriter

  constructor(seed: number, writer: DeliveryWriter, truth: SampleTruth) {
    this.seed = seed
    this.writer = writer
    this.truth = truth
  }

  put(table: string, row: Row): void {
    this.writer.put(table, row)
  }

  /** A free text as clerks, customers and attackers write them. */
  text(random: Random, texts: readonly [string, ...string[]]): string {
    if (random.chance(0.004)) {
      this.truth.hostileTexts++
      return random.pick(hostileList)
    }
    return random.pick(texts)
  }
}
