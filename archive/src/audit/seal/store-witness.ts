import { InputError } from '../../errors.ts'
import { ConflictError } from '../../store/errors.ts'
import type { ObjectStore } from '../../store/port.ts'
import { readCheckpoint } from './checkpoint.ts'
import type { Witness } from './witness.ts'

const folder = 'checkpoints/'
const NAME = /^\d{15}-[0-9a-f]{16}\.checkpoint$/

/** The newest comes first in a listing, which goes by name. */
const rank = (size: number) => String(10 ** 15 - 1 - size).padStart(15, '0')

/** Objects named by size and root in a store that should be another account's, where whoever runs the log may create and not replace. */
export function createStoreWitness(store: ObjectStore, name: string): Witness {
  async function* names(): AsyncGenerator<string> {
    for await (const one of store.names(folder)) if (NAME.test(one)) yield one
  }
  const read = async (one: string) => (await store.get(`${folder}${one}`))?.body.toString('utf8')
  return {
    name,
    async keep(text) {
      const checkpoint = readCheckpoint(text)
      if (!checkpoint) throw new InputError('This is no checkpoint of a log.')
      const { size, root } = checkpoint
      const own = `${rank(size)}-${root.toString('hex').slice(0, 16)}.checkpoint`
      try {
        await store.create(`${folder}${own}`, text)
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error
      }
    },
    async *checkpoints() {
      const all: string[] = []
      for await (const one of names()) all.push(one)
      for (const one of all.reverse()) {
        const text = await read(one)
        if (text !== undefined) yield text
      }
    },
    async newest() {
      for await (const one of names()) return read(one)
      return undefined
    },
  }
}
