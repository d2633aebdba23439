import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { MOUNT } from './provider.ts'

// Read as files, so that there is one set of tokens and of fonts, and no code of the web is needed, nor a build of it.
const web = join(import.meta.dirname, '../../../web/src/styles')
const fromWeb = createRequire(join(web, 'fonts.css'))
const fontAddress = /url\("(@fontsource[^"]*\/([\w-]+\.woff2))"\)/g

export interface SignInStyles {
  css: string
  /** Name below `/oidc/fonts/` to file. */
  fonts: ReadonlyMap<string, string>
}

/** The application's tokens and letters, and what the pages of sign-in make of them. */
export function signInStyles(): SignInStyles {
  const faces = readFileSync(join(web, 'fonts.css'), 'utf8')
  const fonts = new Map(
    [...faces.matchAll(fontAddress)].map(([, path = '', name = '']) => [name, fromWeb.resolve(path)] as const),
  )
  const css = [
    readFileSync(join(web, 'tokens.css'), 'utf8'),
    faces.replaceAll(fontAddress, (_, __, name: string) => `url("${MOUNT}/fonts/${name}")`),
    readFileSync(join(import.meta.dirname, 'pages.css'), 'utf8'),
  ].join('\n')
  return { css, fonts }
}
