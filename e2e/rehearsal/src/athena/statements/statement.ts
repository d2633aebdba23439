import type { DdlStatement, TableName } from '../ddl/statement.ts'

/** What a query text asks for, as far as the service treats it in ways of its own. */
export type Statement =
  /** Rows as a CSV object. */
  | { readonly kind: 'select'; readonly sql: string }
  /** The engine answers with text. */
  | {
      readonly kind: 'text'
      readonly sql: string
      readonly type: 'UTILITY' | 'DDL'
      readonly subtype: string
      /** The view that it creates. */
      readonly view?: TableName
    }
  | { readonly kind: 'insert'; readonly sql: string }
  | { readonly kind: 'unload'; readonly select: string; readonly location: string; readonly properties: Properties }
  | {
      readonly kind: 'ctas'
      readonly ifNotExists: boolean
      /** As written, with its quotes. */
      readonly table: string
      readonly properties: Properties
      readonly select: string
    }
  | { readonly kind: 'prepare'; readonly name: string; readonly sql: string }
  | { readonly kind: 'deallocate'; readonly name: string }
  | { readonly kind: 'execute'; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: 'ddl'; readonly ddl: DdlStatement }

/** Names in lower case; a list where ARRAY[...] was written. */
export type Properties = Readonly<Record<string, string | readonly string[]>>

const subtypes = { select: 'SELECT', insert: 'INSERT', unload: 'UNLOAD', ctas: 'CREATE_TABLE_AS_SELECT' }

/** StatementType and SubstatementType of GetQueryExecution. */
export function typesOf(statement: Statement): { type: 'DML' | 'DDL' | 'UTILITY'; subtype: string } {
  switch (statement.kind) {
    case 'select':
    case 'insert':
    case 'unload':
      return { type: 'DML', subtype: subtypes[statement.kind] }
    case 'ctas':
      return { type: 'DDL', subtype: subtypes.ctas }
    case 'text':
      return { type: statement.type, subtype: statement.subtype }
    case 'prepare':
    case 'deallocate':
    case 'execute':
      return { type: 'UTILITY', subtype: statement.kind.toUpperCase() }
    case 'ddl': {
      const utility = ['showTables', 'showDatabases', 'showPartitions', 'describe'].includes(statement.ddl.kind)
      const subtype = statement.ddl.kind.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
      return { type: utility ? 'UTILITY' : 'DDL', subtype }
    }
  }
}
