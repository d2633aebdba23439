import { setTimeout as sleep } from 'node:timers/promises'
import type { StartOptions } from '../port.ts'
import { Failed } from '../worker/failures.ts'
import type { AthenaLimits } from './limits.ts'
import { isThrottled } from './sdk-errors.ts'
import { busy } from './sentences.ts'

interface Waiting extends Pick<StartOptions, 'lane' | 'person'> {
  send: () => Promise<string>
  until: number
  sending: boolean
  resolve(id: string): void
  reject(error: unknown): void
}

const longestPause = 5_000

/**
 * Starts on their way to Athena. While it throttles they wait here: searches before exports, person after person, each in the order in
 * which he asked; whoever waited too long is told that Athena is busy.
 */
export class StartLine {
  readonly #limits: AthenaLimits
  #waiting: Waiting[] = []
  readonly #turns = new Map<string, number>()
  #turn = 0
  #sending = 0
  #pausedUntil = 0
  #pauses = 0
  #timer: NodeJS.Timeout | undefined

  constructor(limits: AthenaLimits) {
    this.#limits = limits
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Gives Athena's id. Throws Failed where Athena is busy for too long, and what `send` throws for another reason. */
  submit(who: Pick<StartOptions, 'lane' | 'person'>, send: () => Promise<string>): Promise<string> {
    if (this.#waiting.length >= this.#limits.queued) return Promise.reject(new Failed(busy()))
    return new Promise((resolve, reject) => {
      const until = performance.now() + this.#limits.startWait[who.lane]
      this.#waiting.push({ ...who, send, until, sending: false, resolve, reject })
      this.#fill()
    })
  }

  /** Nobody waits any longer. */
  close(): void {
    for (const waiting of this.#waiting) if (!waiting.sending) this.#leave(waiting).reject(new Failed(busy()))
    clearTimeout(this.#timer)
  }

  #fill(): void {
    const now = performance.now()
    for (const waiting of [...this.#waiting])
      if (!waiting.sending && waiting.until <= now) this.#leave(waiting).reject(new Failed(busy()))
    clearTimeout(this.#timer)
    if (this.#pausedUntil > now) {
      // Of those whose time is up meanwhile the first is told then, and not after the pause.
      const first = Math.min(this.#pausedUntil, ...this.#waiting.map(({ until }) => until))
      if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#fill(), Math.max(1, first - now))
      return
    }
    // After a refusal one goes ahead and sees whether the others may follow.
    const atOnce = this.#pauses > 0 ? 1 : this.#limits.startsAtOnce
    while (this.#sending < atOnce) {
      const next = this.#next()
      if (!next) return
      void this.#send(next)
    }
  }

  #next(): Waiting | undefined {
    let chosen: Waiting | undefined
    for (const waiting of this.#waiting)
      if (!waiting.sending && (!chosen || this.#rank(waiting) < this.#rank(chosen))) chosen = waiting
    return chosen
  }

  #rank({ lane, person }: Waiting): number {
    return (lane === 'search' ? 0 : Number.MAX_SAFE_INTEGER / 2) + (this.#turns.get(person) ?? 0)
  }

  async #send(waiting: Waiting): Promise<void> {
    this.#sending++
    waiting.sending = true
    try {
      const id = await waiting.send()
      this.#pauses = 0
      this.#turns.set(waiting.person, ++this.#turn)
      this.#leave(waiting).resolve(id)
    } catch (error) {
      if (!isThrottled(error)) this.#leave(waiting).reject(error)
      else if (this.#pausedUntil <= performance.now()) {
        const pause = Math.min(longestPause, this.#limits.pause * 2 ** this.#pauses++)
        this.#pausedUntil = performance.now() + pause * (0.75 + Math.random() / 2)
      }
      waiting.sending = false
    } finally {
      this.#sending--
      if (this.#turns.size > 10_000) this.#turns.clear()
      this.#fill()
    }
  }

  #leave(waiting: Waiting): Waiting {
    this.#waiting = this.#waiting.filter((other) => other !== waiting)
    return waiting
  }
}

/** Once more after a short while, some times, where AWS was only asked too often or did not answer. */
export async function persistent<T>(
  limits: AthenaLimits,
  act: () => Promise<T>,
  pass: (error: unknown) => boolean,
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await act()
    } catch (error) {
      if (failures >= 5 || !pass(error)) throw error
      await sleep(Math.min(longestPause, limits.pause * 2 ** failures) * (0.75 + Math.random() / 2))
    }
  }
}
