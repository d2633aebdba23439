import { fileURLToPath } from 'node:url'
import type { FunctionName } from './names.ts'

const below = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export const projectRoot = below('../..')
export const lockFile = below('../../package-lock.json')
export const templatesRoot = below('../../query-templates')
export const entryOf = (name: FunctionName) => below(`../../api/src/lambda/${name}.ts`)
/** Macros of panels, which a bundle has beside it: query-templates/src/view/environment.ts. */
export const componentsFile = below('../../query-templates/src/components/components.njk')
/** Source maps of the bundles that were built last. */
export const mapsFolder = below('../cdk.out/maps')
export const spaRouting = below('web/spa-routing.js')
