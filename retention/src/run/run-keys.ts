import { runPrefix } from '@muniment/archive/layout'

const eight = (number: number) => String(number).padStart(8, '0')

/** Create-only: from here on rows may be gone. */
export const begunKey = (run: string) => `${runPrefix(run)}begun.json`
export const eventsPrefix = (run: string) => `${runPrefix(run)}events/`
/** Pauses, resumptions and the cancellation, one after the other, create-only. */
export const eventKey = (run: string, number: number) => `${eventsPrefix(run)}${eight(number)}.json`
export const heldPrefix = (run: string) => `${runPrefix(run)}held/`
/** Records of the lists that were held by a version of the register; kept to the end of the run, also where a hold is released meanwhile. */
export const heldKey = (run: string, register: number) => `${heldPrefix(run)}${eight(register)}.json`
/** Create-only: every object is as decided. */
export const executedKey = (run: string) => `${runPrefix(run)}executed.json`
/** Create-only: what was decided when the run was cancelled was carried out, and nothing is any more. */
export const endedKey = (run: string) => `${runPrefix(run)}ended.json`
export const verificationKey = (run: string) => `${runPrefix(run)}verified.json`
