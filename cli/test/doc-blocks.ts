import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url))

export const readDoc = (name: string) => readFile(join(CHECKOUT, 'docs', name), 'utf8')

export interface DocFile {
  /** From the checkout, as the page names it. */
  path: string
  text: string
}

/** Files that a page shows in full: a line with the path, then the block. */
export function docFiles(page: string): DocFile[] {
  return [...page.matchAll(/^`([^`\n]+)`:\n\n```\w+\n(.*?)^```$/gms)].map(([, path = '', text = '']) => ({
    path,
    text,
  }))
}

export interface DocCommand {
  command: string
  /** The block of output that follows it, where there is one. */
  output?: string
}

/** The `sh` blocks of a page in order, each with what the page says it prints. */
export function docCommands(page: string): DocCommand[] {
  const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, kind = '', text = '']) => ({ kind, text }))
  return blocks.flatMap(({ kind, text }, at) => {
    if (kind !== 'sh') return []
    const next = blocks[at + 1]
    return [{ command: text, ...(next?.kind === 'text' ? { output: next.text } : {}) }]
  })
}

/** Writes shown files below a copy of the templates folder. */
export async function writeDocFiles(files: readonly DocFile[], templatesRoot: string) {
  for (const { path, text } of files) {
    const file = join(templatesRoot, path.replace(/^query-templates\//, ''))
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}
