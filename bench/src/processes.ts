import { readdir, readFile } from 'node:fs/promises'

/** Bytes resident in a process and all that it started; Linux only, 0 elsewhere. */
async function residentOf(pid: number): Promise<number> {
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc').catch(() => [] as string[])) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    if (stat) parents.set(Number(name), parent)
  }
  const family = new Set([pid])
  for (let grown = true; grown; ) {
    grown = false
    for (const [child, parent] of parents)
      if (family.has(parent) && !family.has(child)) grown = Boolean(family.add(child))
  }
  let pages = 0
  for (const member of family) {
    const statm = await readFile(`/proc/${member}/statm`, 'utf8').catch(() => '')
    pages += Number(statm.split(' ')[1] ?? 0)
  }
  return pages * 4096
}

/** Looks at a process and its children until `stop`, which gives the most bytes that were resident at once. */
export function watchMemory(pid: number) {
  let peak = 0
  const look = async () => {
    peak = Math.max(peak, await residentOf(pid))
  }
  const timer = setInterval(() => void look(), 200)
  return async () => {
    clearInterval(timer)
    await look()
    return peak
  }
}

/** Seconds of all processes that this one started and that have ended, and of theirs; Linux only, 0 elsewhere. */
export async function processorOfChildren(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8').catch(() => '')
  // Behind the name in brackets, in hundredths of a second: cutime and cstime.
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(13, 15)
    .map(Number)
  return (user + system) / 100
}
