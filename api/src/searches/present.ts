import { priceOf } from '@muniment/archive/engine/price'
import type { PanelState, Search } from '../contract.ts'
import { hasEnded, type RecordedPanel, type SearchRecord } from '../shared/search-record.ts'
import { sumOfBounds, toldBoundOf, toldOfPanel } from '../shared/told-bytes.ts'
import type { Progress } from './runs.ts'
import { panelState, stateOf } from './state.ts'

/** A search as the contract tells it, from its record and what is known of executions that still run. */
export function presentSearch(record: SearchRecord, progress?: Progress): Search {
  const panels = record.panels.map((panel) => presentPanel(record, panel, progress))
  const bytesAtMost = sumOfBounds(record.panels.map((panel) => toldBoundOf(record, panel)))
  return {
    id: record.id,
    application: record.application,
    useCase: record.useCase,
    title: record.title,
    kind: record.kind,
    state: stateNow(record, progress),
    inputs: record.inputs,
    inputsRead: record.inputsRead,
    purpose: record.purpose,
    person: record.person.name,
    started: record.started,
    ...(record.finished && { finished: record.finished }),
    progress: record.panels.filter(({ outcome }) => outcome).length / record.panels.length,
    bytesScanned: panels.reduce((sum, panel) => sum + panel.bytesScanned, 0),
    ...(bytesAtMost !== undefined && { bytesAtMost }),
    price: record.engine === 'athena' ? panels.reduce((sum, panel) => sum + priceOf(panel.bytesScanned), 0) : 0,
    templateHash: record.templateHash,
    loads: record.loads,
    inForce: record.inForce ?? { rules: 0, masks: [], rowRules: [], contact: '' },
    ...(record.record && { record: record.record }),
    panels,
  }
}

/** All panels may have ended while the closing is being written: the search has ended when that is durable. */
function stateNow(record: SearchRecord, progress: Progress | undefined): Search['state'] {
  if (record.finished) return record.state
  const state = stateOf(record.panels, progress)
  return hasEnded(state) ? 'running' : state
}

function presentPanel(record: SearchRecord, panel: RecordedPanel, progress: Progress | undefined): PanelState {
  const { name, title, layout, honours, inputs, inputsRead, sorts, notice, outcome } = panel
  const bytesAtMost = panel.lacks ? undefined : toldBoundOf(record, panel)
  const statistics = outcome ?? progress?.get(name)?.statistics
  return {
    name,
    title,
    layout,
    state: panelState(panel, progress),
    ...(panel.lacks && { lacks: panel.lacks }),
    ...(outcome?.rows !== undefined && { rows: outcome.rows, more: outcome.more ?? false }),
    bytesScanned: toldOfPanel(record, panel, statistics?.bytesScanned),
    ...(bytesAtMost !== undefined && { bytesAtMost }),
    elapsedMs: Math.round((statistics?.queueMs ?? 0) + (statistics?.engineMs ?? 0)),
    honours,
    ...(inputs && { inputs }),
    ...(inputsRead && { inputsRead }),
    columns: panel.columns.map(({ name, label, type, hidden, numeric, unit, masked }) => ({
      name,
      label,
      type,
      hidden,
      numeric,
      ...(unit !== undefined && { unit }),
      ...(masked && { masked }),
    })),
    sorts,
    ...(notice !== undefined && { notice }),
    ...(outcome?.problem && { problem: outcome.problem }),
  }
}
