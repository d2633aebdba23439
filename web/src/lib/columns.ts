import { readKept, textsOf, writeKept } from './kept.ts'

const keyOf = (application: string, useCase: string, panel: string) => `columns.${application}.${useCase}.${panel}`

/** The columns chosen for a panel of a use case, or undefined where the template's own choice stands. */
export function readColumns(application: string, useCase: string, panel: string): string[] | undefined {
  const kept = readKept('local', keyOf(application, useCase, panel), textsOf)
  return kept.length > 0 ? kept : undefined
}

export function keepColumns(application: string, useCase: string, panel: string, columns: string[] | undefined): void {
  writeKept('local', keyOf(application, useCase, panel), columns)
}
