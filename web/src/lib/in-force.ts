import type { InForce, PanelState } from '@muniment/api/contract'
import { plural } from './format.ts'
import { listed, readRoles } from './role-words.ts'

export const words = {
  seenAs: (roles: string) => `Seen as ${roles}`,
  nothing: 'nothing masked, nothing left out',
  masked: (count: number) => `${plural(count, 'column', 'columns')} masked`,
  partly: (count: number) => `${plural(count, 'column', 'columns')} partly shown`,
  leftOut: (titles: string) => `left out: ${titles}`,
  unknown: 'What was masked then is not recorded.',
}

const countOf = ({ masks }: InForce, mask: 'hidden' | 'partial'): number =>
  masks.reduce((sum, { columns }) => sum + columns.filter((column) => column.mask === mask).length, 0)

export const leftOutOf = (panels: readonly PanelState[]): PanelState[] =>
  panels.filter(({ state }) => state === 'left-out')

/** Whether anything is withheld of these panels, by role alone. */
export const isWithheld = (inForce: InForce, panels: readonly PanelState[]): boolean =>
  inForce.masks.length > 0 || inForce.rowRules.length > 0 || leftOutOf(panels).length > 0

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
