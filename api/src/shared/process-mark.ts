import { readFileSync, readlinkSync } from 'node:fs'
import os from 'node:os'

/** Who carries out a search or an export. */
export interface ProcessMark {
  /** The same for no two processes: on Linux boot, process namespace, id and start; else host and id. */
  process: string
  /** It is the owner of the data folder, of which there is one at a time. */
  owner?: true
}

const ownProcess = (process.platform === 'linux' && linuxProcess()) || `host ${os.hostname()} ${process.pid}`

export const markOf = ({ owner = false } = {}): ProcessMark => ({ process: ownProcess, ...(owner && { owner }) })

/** `unknown` where this system does not tell: another machine, another container, a record from before there were marks. */
export function fateOf(mark: ProcessMark | undefined): 'own' | 'lives' | 'ended' | 'unknown' {
  if (!mark) return 'unknown'
  if (mark.process === ownProcess) return 'own'
  const [kind, ...parts] = mark.process.split(' ')
  if (kind === 'linux') {
    const [boot, namespace, id] = parts
    const [, ownBoot, ownNamespace] = ownProcess.split(' ')
    if (boot !== ownBoot || namespace !== ownNamespace || !/^\d+$/.test(id ?? '')) return 'unknown'
    return linuxProcess(id) === mark.process ? 'lives' : 'ended'
  }
  const [host, id] = parts
  // An id that is in use may be another process's by now.
  return kind === 'host' && host === os.hostname() && isFree(Number(id)) ? 'ended' : 'unknown'
}

function linuxProcess(id: string | number = process.pid): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${id}/stat`, 'latin1')
    // The name, in brackets, may hold blanks; the state is the third field and the start the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    return `linux ${boot} ${readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')} ${id} ${fields[19]}`
  } catch {
    return undefined
  }
}

function isFree(id: number): boolean {
  try {
    process.kill(id, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
