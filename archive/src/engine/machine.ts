import { readFileSync } from 'node:fs'
import os from 'node:os'

export const availableParallelism = () => os.availableParallelism()
export const totalMemory = () => os.totalmem()

/** Bytes a container allows; infinite where there is no such limit. */
export function constrainedMemory(): number {
  const bytes = process.constrainedMemory()
  return bytes && bytes > 0 ? bytes : Number.POSITIVE_INFINITY
}

/** Bytes of memory a process holds; undefined where the system does not tell (only Linux does, by this path). */
export function residentMemory(pid: number): number | undefined {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1])
    return Number.isFinite(pages) ? pages * 4096 : undefined
  } catch {
    return undefined
  }
}

/** Bytes this process has read so far by read calls; undefined where the system does not count them. */
export function bytesRead(): number | undefined {
  try {
    const match = /^rchar: (\d+)/m.exec(readFileSync('/proc/self/io', 'latin1'))
    return match?.[1] ? Number(match[1]) : undefined
  } catch {
    return undefined
  }
}
