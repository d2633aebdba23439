import type { TrinoValue, TypeSignature } from '../../trino/client.ts'

/** A value as Athena writes it into results; null for NULL. */
export function textOf(value: TrinoValue | undefined, type: TypeSignature): string | null {
  return value === null || value === undefined ? null : nested(value, type)
}

function nested(value: TrinoValue, type: TypeSignature): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) {
    if (type.rawType !== 'row') return `[${value.map((item) => nested(item, argument(type, 0))).join(', ')}]`
    const fields = value.map((item, at) => `${fieldName(type, at)}=${nested(item, argument(type, at))}`)
    return `{${fields.join(', ')}}`
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, item]) => `${key}=${nested(item, argument(type, 1))}`)
    return `{${entries.join(', ')}}`
  }
  if (type.rawType === 'varbinary') return hex(String(value))
  return String(value)
}

const hex = (base64: string) =>
  [...Buffer.from(base64, 'base64')].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')

const unknown: TypeSignature = { rawType: 'unknown', arguments: [] }

interface NamedType {
  readonly fieldName?: { readonly name: string }
  readonly typeSignature: TypeSignature
}

function argument(type: TypeSignature, at: number): TypeSignature {
  const found = type.arguments[at]
  if (found?.kind === 'TYPE') return found.value as TypeSignature
  if (found?.kind === 'NAMED_TYPE') return (found.value as NamedType).typeSignature
  return unknown
}

const fieldName = (type: TypeSignature, at: number) =>
  (type.arguments[at]?.value as NamedType | undefined)?.fieldName?.name ?? `field${at}`
