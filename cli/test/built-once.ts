import { access, cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { inject } from 'vitest'

/** Copies to `to` what `build` writes into the folder it is given, which is built once a run, by whichever process asks first. */
export async function builtOnce(name: string, to: string, build: (folder: string) => Promise<void>): Promise<void> {
  const place = join(inject('runFolder'), name)
  const content = join(place, 'content')
  const ready = join(place, 'ready')
  const failed = join(place, 'failed')
  if (await isFirst(place)) {
    try {
      await build(content)
      await writeFile(ready, '')
    } catch (error) {
      await writeFile(failed, '')
      throw error
    }
  }
  while (!(await isThere(ready))) {
    if (await isThere(failed)) throw new Error(`${name} could not be built: another test file says why.`)
    await pause(100)
  }
  await cp(content, to, { recursive: true })
}

async function isFirst(place: string): Promise<boolean> {
  try {
    await mkdir(place)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
