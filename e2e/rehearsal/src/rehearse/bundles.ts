import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ENVIRONMENT } from './environment.ts'

export interface Bundle {
  /** Of the function, without the environment's. */
  readonly name: string
  readonly bytes: number
}

interface Template {
  readonly Resources: Record<
    string,
    { readonly Type: string; readonly Properties?: { FunctionName?: unknown; Code?: { S3Key?: unknown } } }
  >
}

/** What Lambda loads of each function, in the folders of the synthesis below `folder`. */
export function bundlesIn(folder: string): Bundle[] {
  const out = join(folder, 'cdk.out')
  const template = JSON.parse(
    readFileSync(join(out, `muniment-${ENVIRONMENT}-service.template.json`), 'utf8'),
  ) as Template
  const prefix = `muniment-${ENVIRONMENT}-`
  const found = Object.values(template.Resources).flatMap(({ Type, Properties }) => {
    const [name, key] = [Properties?.FunctionName, Properties?.Code?.S3Key]
    if (Type !== 'AWS::Lambda::Function' || typeof name !== 'string' || typeof key !== 'string') return []
    const code = join(out, `asset.${key.replace(/\.zip$/, '')}`, 'index.mjs')
    return [{ name: name.replace(prefix, ''), bytes: statSync(code).size }]
  })
  if (found.length === 0) throw new Error('The synthesis has no function.')
  return found.sort((one, other) => one.name.localeCompare(other.name))
}
