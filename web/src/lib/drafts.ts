/**
 * What was typed into forms. In memory only, because it is personal data: it survives moving about, and a reload
 * brings it back from the search it belongs to.
 */
export type Draft = Record<string, string | string[]>

interface Kept {
  draft: Draft
  /** Typed since the last search: no search holds it yet, so that a reload would lose it. */
  isUnsent: boolean
}

const drafts = new Map<string, Kept>()

const keyOf = (application: string, useCase: string) => `${application}/${useCase}`

export const readDraft = (application: string, useCase: string): Draft | undefined =>
  drafts.get(keyOf(application, useCase))?.draft

export const isUnsentDraft = (application: string, useCase: string): boolean =>
  drafts.get(keyOf(application, useCase))?.isUnsent ?? false

export function keepDraft(application: string, useCase: string, draft: Draft, isUnsent: boolean): void {
  drafts.set(keyOf(application, useCase), { draft, isUnsent })
}

export function dropDraft(application: string, useCase: string): void {
  drafts.delete(keyOf(application, useCase))
}
