/**
 * What was typed into forms. In memory only, because it is personal data: it survives moving about, and a reload
 * brings it back from the search it belongs to, whose id the place in the browser's history holds.
 */
export type Draft = Record<string, string | string[]>

export interface KeptDraft {
  draft: Draft
  /** Typed since the last search: no search holds it yet, so that a reload would lose it. */
  isUnsent: boolean
  /** The search that it changes. */
  from?: string | undefined
}

const drafts = new Map<string, KeptDraft>()

const keyOf = (application: string, useCase: string) => `${application}/${useCase}`

export const readDraft = (application: string, useCase: string): KeptDraft | undefined =>
  drafts.get(keyOf(application, useCase))

export function keepDraft(application: string, useCase: string, kept: KeptDraft): void {
  drafts.set(keyOf(application, useCase), kept)
}

export function dropDraft(application: string, useCase: string): void {
  drafts.delete(keyOf(application, useCase))
}
