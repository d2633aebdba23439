/**
 * What was typed into forms. In memory only, because it is personal data: it survives moving about, and a reload
 * brings it back from the search it belongs to.
 */
export type Draft = Record<string, string | string[]>

const drafts = new Map<string, Draft>()

const keyOf = (application: string, useCase: string) => `${application}/${useCase}`

export const readDraft = (application: string, useCase: string): Draft | undefined =>
  drafts.get(keyOf(application, useCase))

export function keepDraft(application: string, useCase: string, draft: Draft): void {
  drafts.set(keyOf(application, useCase), draft)
}

export function dropDraft(application: string, useCase: string): void {
  drafts.delete(keyOf(application, useCase))
}
