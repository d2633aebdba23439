import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { checkout } from '../install/cache-folder.ts'

const script = (name: string): Promise<unknown> =>
  import(pathToFileURL(join(checkout, 'scripts', 'lib', `${name}.mjs`)).href)

/** The web application, unless it is built from these sources already. */
export async function buildWeb(): Promise<void> {
  const { buildWeb: build } = (await script('web')) as { buildWeb(): Promise<boolean> }
  if (!(await build())) throw new Error('The web application could not be built; the reason is printed above.')
}

/** Path of a Chromium; undefined where it is Playwright's own. */
export async function findBrowser(): Promise<string | undefined> {
  const found = (await script('browser')) as { findBrowser(): Promise<string | undefined> }
  return found.findBrowser()
}
