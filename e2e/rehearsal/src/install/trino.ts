import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { EquipmentError } from './errors.ts'
import { tool } from './tool.ts'
import { trinoVersion } from './versions.ts'

/** Trino with its Hive connector, and nothing else of it, in `cache`. Returns its folder. */
export async function installTrino(cache: string): Promise<string> {
  const home = join(cache, `trino-${trinoVersion}`)
  if (existsSync(home)) return home

  const aside = join(cache, `trino-${trinoVersion}.${process.pid}`)
  try {
    mkdirSync(aside, { recursive: true })
    const server = await fetchArtifact('trino-server-core', 'tar.gz', aside)
    await tool('tar', ['-xzf', server, '-C', aside])
    const unpacked = join(aside, `trino-server-core-${trinoVersion}`)

    const hive = await fetchArtifact('trino-hive', 'zip', aside)
    await tool('unzip', ['-q', hive, '-d', aside])
    renameSync(join(aside, `trino-hive-${trinoVersion}`), join(unpacked, 'plugin', 'hive'))
    renameSync(unpacked, home)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
  return home
}

async function fetchArtifact(name: string, packaging: string, folder: string): Promise<string> {
  const artifact = `io.trino:${name}:${trinoVersion}:${packaging}`
  try {
    await tool('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`])
  } catch (error) {
    throw new EquipmentError(`Maven could not fetch ${artifact}. ${(error as Error).message}`)
  }
  return join(folder, `${name}-${trinoVersion}.${packaging}`)
}
