/** What a name in a view stands for, which decides what may be looked up in it. */
export type Kind = 'panel' | 'rows' | 'row' | 'columns' | 'column' | 'inputs' | 'list' | 'text' | 'loop' | 'components'

export type Scope = ReadonlyMap<string, Kind>

/** What one gets by going through it with {% for %}. */
export const ELEMENT_OF: Partial<Record<Kind, Kind>> = { rows: 'row', columns: 'column', list: 'text' }

export const PANEL_KINDS: Record<string, Kind> = {
  rows: 'rows',
  columns: 'columns',
  inputs: 'inputs',
  honours: 'list',
}

export const LOOP_KEYS = ['index', 'index0', 'first', 'last', 'length']
