import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from './cache-folder.ts'
import { findJava } from './java.ts'
import { installPython } from './python.ts'
import { installTrino } from './trino.ts'
import { ministackVersion } from './versions.ts'

/** Programs and folders on this machine, by absolute path. */
export interface Equipment {
  readonly ministack: string
  readonly trino: string
  readonly java: string
}

/** Fetches what is missing: about 700 MB the first time, nothing later. Throws EquipmentError. */
export async function installEquipment(say: (line: string) => void = () => {}): Promise<Equipment> {
  const cache = cacheFolder()
  mkdirSync(cache, { recursive: true })

  say('MiniStack ...')
  const python = await installPython(join(cache, 'ministack'), [`ministack[full]==${ministackVersion}`])
  say('Java ...')
  const java = await findJava(cache)
  say('Trino ...')
  const trino = await installTrino(cache)
  return { ministack: join(python, '..', 'ministack'), trino, java }
}
