import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))

/** Writes the files that a page of the docs shows in full (a line with the path, then the block) below a templates folder. */
export async function writeFilesOf(page: string, templates: string): Promise<number> {
  const text = await readFile(join(docs, page), 'utf8')
  const files = [...text.matchAll(/^`([^`\n]+)`:\n\n```\w+\n(.*?)^```$/gms)]
  for (const [, path = '', content = ''] of files) {
    const file = join(templates, path.replace(/^query-templates\//, ''))
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }
  return files.length
}
