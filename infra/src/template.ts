/** How a template of CloudFormation is read, by whoever draws, counts or tests it. */
export interface Resource {
  readonly Type: string
  readonly Properties?: Record<string, unknown>
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
}

/** A value of a template as text, with references as `${id}` or `${id.attribute}`. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return String(value)
  const { 'Fn::Join': join, 'Fn::GetAtt': attribute, 'Fn::ImportValue': imported, Ref: reference } = value as Intrinsic
  if (join) return join[1].map(text).join(join[0])
  if (attribute) return `\${${attribute.join('.')}}`
  if (imported !== undefined) return `\${${text(imported).replace(/^.*ExportsOutput(FnGetAtt|Ref)/, '')}}`
  return reference === undefined ? JSON.stringify(value) : `\${${reference}}`
}

interface Intrinsic {
  'Fn::Join'?: [string, unknown[]]
  'Fn::GetAtt'?: string[]
  'Fn::ImportValue'?: unknown
  Ref?: string
}
