import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EquipmentError } from './errors.ts'
import { tool } from './tool.ts'
import { pythonVersion } from './versions.ts'

/** A virtual environment in `folder` with these packages, made once. Returns its Python. */
export async function installPython(folder: string, packages: string[]): Promise<string> {
  const python = join(folder, 'bin', 'python')
  const done = join(folder, `installed-${packages.join('-').replace(/[^\w.=-]/g, '_')}`)
  if (existsSync(done)) return python

  // It cannot be made aside and renamed: the programs in it name their own path.
  rmSync(folder, { recursive: true, force: true })
  await tool(await findPython(), ['-m', 'venv', folder])
  await tool(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages])
  writeFileSync(done, '')
  return python
}

async function findPython(): Promise<string> {
  for (const name of [`python${pythonVersion}`, 'python3', 'python']) {
    const printed = await tool(name, ['--version']).catch(() => '')
    if (printed.startsWith(`Python ${pythonVersion}.`)) return name
  }
  throw new EquipmentError(`The stand-ins need Python ${pythonVersion} (with venv): install it and try again.`)
}
