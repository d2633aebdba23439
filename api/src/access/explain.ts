import { explain } from '@muniment/archive/access/explain'
import { readRules } from '@muniment/archive/access/versions'
import type { AccessExplanation } from '../contract.ts'
import type { Acting } from '../shared/acting.ts'
import { nothingHere } from '../shared/guards.ts'
import { enter, mustSee, tablesOfPanel } from '../shared/record-rights.ts'
import type { Services } from '../shared/services.ts'
import { useCaseOf } from '../shared/templates.ts'

/** Why panels are left out and what is masked, to the person themselves; a use case that one may not use is not there. */
export async function explainToOneself(
  services: Services,
  { person, rights }: Acting,
  application: string,
  name: string,
): Promise<AccessExplanation> {
  const templates = await enter(services.templates, rights, application)
  const useCase = useCaseOf(templates, name)
  mustSee(rights, templates, useCase)
  const version = await readRules(services.store)
  if (!version) throw nothingHere()
  const panels = useCase.panels.map((panel) => ({ title: panel.title, tables: tablesOfPanel(templates, panel) }))
  const asked = { kind: 'use-case' as const, name, panels }
  return explain(version, templates.application, person, asked, services.clock())
}
