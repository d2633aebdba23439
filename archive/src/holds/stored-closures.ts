import { NotFoundError } from '../errors.ts'
import type { ObjectStore } from '../store/port.ts'
import { readClosure } from './closures.ts'
import { readRegister } from './register.ts'
import type { Closure, RegisteredHold } from './types.ts'

/** Throws NotFoundError where the register has no such hold. */
export async function mustBeKnown(store: ObjectStore, id: string): Promise<RegisteredHold> {
  const { register } = await readRegister(store)
  const hold = register.holds.find((each) => each.id === id)
  if (!hold) throw new NotFoundError(`There is no hold "${id.slice(0, 64)}".`)
  return hold
}

export async function storedClosures(store: ObjectStore, hold: RegisteredHold): Promise<Closure[]> {
  const closures: Closure[] = []
  for (const named of hold.closures) closures.push(await readClosure(store, hold, named))
  return closures
}
