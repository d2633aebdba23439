import type { InForce, PanelState } from '@muniment/api/contract'
import { plural } from './format.ts'
import { listed, readRoles } from './role-words.ts'

export const words = {
  seenAs: (roles: string) => `Seen as ${roles}`,
  nothing: 'nothing masked, nothing left out',
  masked: (count: number) => `${plural(count, 'column', 'columns')} masked`,
  partly: (count: number) => `${plural(count, 'column', 'columns')} partly shown`,
  leftOut: (titles: string) => `left out: ${titles}`,
  anyway: (facts: string) => `Withheld from your role in any case: ${facts}.`,
}

const countOf = ({ masks }: InForce, mask: 'hidden' | 'partial'): number =>
  masks.reduce((sum, { columns }) => sum + columns.filter((column) => column.mask === mask).length, 0)

export const leftOutOf = (panels: readonly PanelState[]): PanelState[] =>
  panels.filter(({ state }) => state === 'left-out')

/** What is said beside "nothing was found", so that it is not taken for "nothing there"; empty where nothing is withheld. */
export function readWithheld(inForce: InForce): string {
  const hidden = countOf(inForce, 'hidden')
  const facts = [...inForce.rowRules.map(({ title }) => title), ...(hidden > 0 ? [words.masked(hidden)] : [])]
  return facts.length > 0 ? words.anyway(facts.join('; ')) : ''
}

/** `Seen as case officer: 6 columns masked; left out: Records of staff.` */
export function readInForce(inForce: InForce, panels: readonly PanelState[]): string {
  const [hidden, partial] = [countOf(inForce, 'hidden'), countOf(inForce, 'partial')]
  const left = [...inForce.rowRules, ...leftOutOf(panels)].map(({ title }) => title)
  const facts = [
    ...(hidden > 0 ? [words.masked(hidden)] : []),
    ...(partial > 0 ? [words.partly(partial)] : []),
    ...(left.length > 0 ? [words.leftOut(listed(left))] : []),
  ].join('; ')
  const seen = words.seenAs(readRoles(inForce.roles ?? []))
  const said = facts || words.nothing
  if ((inForce.roles ?? []).length === 0) return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`
  return `${seen}: ${said}.`
}
