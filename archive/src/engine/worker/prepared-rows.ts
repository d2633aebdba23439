export interface Wanted {
  table: string
  /** SELECT of the keys; of equal ones there is one set, whatever the restrictions. */
  keys: string
  exact: (set: string) => string
  /** Keys beyond which it is not used. */
  most: number
}

interface Builder {
  run(sql: string): Promise<unknown[][]>
  interrupt(): void
}

/** Milliseconds without a statement after which a worker counts as idle. */
const idle = 100
/** Statements for which it is put off: a worker that never rests would never have it. */
const putOff = 50

/**
 * Keys of hidden rows, table by table (see `hiddenRows`), for one version of the catalog. What is wanted is made on a connection of its own
 * while the worker is idle, since it reads whole tables; until then, and where it cannot be used, rows are hidden without it.
 */
export class PreparedRows {
  readonly #builder: () => Promise<Builder>
  readonly #schema: string
  /** By the SELECT of the keys; undefined once it is known that it is of no use. */
  readonly #made = new Map<string, { set: string; empty: boolean } | undefined>()
  readonly #wanted = new Map<string, Wanted>()
  readonly #times = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined
  #busy = 0
  #runs = 0
  #building: Promise<void> | undefined
  #current: Builder | undefined
  /** Of the version of the catalog, so that what ends late is not taken for the next one's. */
  #version = 0
  #number = 0

  constructor(schema: string, builder: () => Promise<Builder>) {
    this.#schema = schema
    this.#builder = builder
  }

  find(keys: string): { set: string; empty: boolean } | undefined {
    return this.#made.get(keys)
  }

  /** Grows whenever a set for this table is there that was not. */
  times(table: string): number {
    return this.#times.get(table) ?? 0
  }

  /** The same number at two moments: nothing was being made in between. */
  get moment(): number {
    return this.#building ? Number.NaN : this.#runs
  }

  want(wanted: Wanted) {
    if (!this.#made.has(wanted.keys)) this.#wanted.set(wanted.keys, wanted)
  }

  /** A statement is about to run. */
  rest() {
    if (this.#wanted.size === 0 || this.#building || this.#busy > putOff) return
    this.#busy++
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.make(), idle).unref()
  }

  /** Makes what is wanted; never throws. */
  make(): Promise<void> {
    this.#building ??= this.#make().finally(() => {
      this.#building = undefined
    })
    return this.#building
  }

  /** Ends what is being made and forgets the rest. */
  async clear(): Promise<void> {
    this.stop()
    await this.#building
    this.#made.clear()
    this.#times.clear()
  }

  stop() {
    this.#version++
    this.#wanted.clear()
    this.#busy = 0
    clearTimeout(this.#timer)
    this.#current?.interrupt()
  }

  async #make() {
    this.#runs++
    const version = this.#version
    try {
      this.#current = await this.#builder()
      for (;;) {
        const [wanted] = this.#wanted.values()
        if (!wanted || version !== this.#version) return
        const made = await this.#set(wanted, this.#current)
        if (version !== this.#version) return
        this.#wanted.delete(wanted.keys)
        this.#made.set(wanted.keys, made)
        if (made) this.#times.set(wanted.table, this.times(wanted.table) + 1)
      }
    } catch {
      // Whatever is wrong is told to the search that meets it.
    } finally {
      this.#busy = 0
    }
  }

  async #set({ keys, exact, most }: Wanted, builder: Builder) {
    const set = `${this.#schema}.rows_${++this.#number}`
    try {
      // One more than may be used says that there are too many.
      await builder.run(`CREATE TABLE ${set} AS ${keys} LIMIT ${most + 1}`)
      const [count] = await builder.run(`SELECT count(*) FROM ${set}`)
      const [holds] = await builder.run(exact(set))
      if (Number(count?.[0]) <= most && holds?.[0] === true) return { set, empty: Number(count?.[0]) === 0 }
    } catch {
      // Also where there is no memory for it.
    }
    await builder.run(`DROP TABLE IF EXISTS ${set}`).catch(() => undefined)
    return undefined
  }
}
