export interface RunningHeader {
  paper: 'A4' | 'letter'
  record: string
  asOf: string
  search: string
  person: string
  moment: string
}

/** A text as a CSS string. Every character that could end it is written as its code. */
export function cssString(text: string): string {
  return `"${text.replace(/[^\p{Letter}\p{Number} .,:;/()–·+-]/gu, (mark) => `\\${mark.codePointAt(0)?.toString(16)} `)}"`
}

/** What stands in a page's corners: above, and below beside its number. */
export interface SheetWords {
  head: string
  aside: string
  foot: string
}

/**
 * Page margins with the running header. A style sheet made in script, since what it says differs by record: the policy forbids
 * style elements and attributes, not the object model.
 */
export function sheetRules(paper: RunningHeader['paper'], { head, aside, foot }: SheetWords): string {
  const boxes = `
    @top-left { content: ${cssString(head)}; font: 600 9pt 'Source Serif 4 Variable', serif; vertical-align: bottom; padding-bottom: 4mm; white-space: nowrap; }
    @top-right { content: ${cssString(aside)}; font: 9pt 'Source Serif 4 Variable', serif; vertical-align: bottom; padding-bottom: 4mm; white-space: nowrap; }
    @bottom-left { content: ${cssString(foot)}; font-variant-ligatures: none; font: 7.500pt 'Source Serif 4 Variable', serif; vertical-align: top; padding-top: 4mm; white-space: nowrap; }
    @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 7.500pt 'Source Serif 4 Variable', serif; vertical-align: top; padding-top: 4mm; white-space: nowrap; }
  `
  return `
    @page { size: ${paper} portrait; margin: 22mm 16mm 20mm; ${boxes} }
    @page wide { size: ${paper} landscape; margin: 20mm 16mm 18mm; ${boxes} }
  `
}

export const pageRules = ({ paper, record, asOf, search, person, moment }: RunningHeader): string =>
  sheetRules(paper, { head: record, aside: asOf, foot: `Search ${search} · ${moment} · ${person}` })
