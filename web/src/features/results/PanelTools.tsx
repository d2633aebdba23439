import { Menu } from '@base-ui/react/menu'
import type { Estimate, Export, PanelState, Search } from '@muniment/api/contract'
import { useRef, useState } from 'react'
import { useExportEstimate } from '../../api/estimate.ts'
import { useStartExport } from '../../api/start-export.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { announce } from '../../lib/announce.ts'
import { copyText, rowText, tableText } from '../../lib/copy.ts'
import { formatBytes, formatPrice } from '../../lib/format.ts'
import { ColumnChoice } from './ColumnChoice.tsx'
import { text } from './text.ts'

interface PanelToolsProps {
  search: Search
  panel: PanelState
  pages: number
  columns?: string[]
  sort?: string
  onColumns: (columns: string[] | undefined) => void
  onExport: (id: string) => void
}

/** What the file will not have either, by the labels of the columns. */
function masksOf({ columns }: PanelState): string[] {
  const of = (mask: 'hidden' | 'partial') =>
    columns.flatMap((column) => (column.masked === mask ? [column.label] : [])).join(', ')
  const [hidden, partial] = [of('hidden'), of('partial')]
  return [...(hidden ? [text.panel.exportMasked(hidden)] : []), ...(partial ? [text.panel.exportPartly(partial)] : [])]
}

/** Said before it runs, as beside the button of a search; nothing while it is not known. */
function costOf(cost: Estimate | undefined): string[] {
  if (cost?.refused !== undefined) return [text.panel.exportRefused(cost.refused)]
  if (cost?.bytesAtMost === undefined) return []
  return [
    text.panel.exportCost(formatBytes(cost.bytesAtMost), cost.priceAtMost ? formatPrice(cost.priceAtMost) : undefined),
  ]
}

const formats: ReadonlyArray<Export['format']> = ['xlsx', 'csv', 'json', 'parquet']

export function PanelTools({ search, panel, pages, columns, sort, onColumns, onExport }: PanelToolsProps) {
  const start = useStartExport(search.id)
  const [exporting, setExporting] = useState(false)
  const cost = useExportEstimate(search.id, exporting ? { panel: panel.name, ...(sort ? { sort } : {}) } : undefined)
  const lastRow = useRef<HTMLElement>(null)
  const section = () => document.getElementById(`panel-${panel.name}`)

  const copy = async (what: 'row' | 'table') => {
    const table = section()?.querySelector('.m-table')
    if (!table) return
    const row = lastRow.current?.isConnected ? lastRow.current : undefined
    if (what === 'row' && !row) return announce(text.panel.noRow)
    const done = await copyText(what === 'row' && row ? rowText(row) : tableText(table))
    const count = what === 'row' ? 1 : table.querySelectorAll('tbody > tr').length
    announce(done ? text.panel.copied(count) : text.panel.copyRefused)
  }

  const isTable = panel.layout === 'table'
  return (
    <>
      <div className="toolbar panel__tools" data-print="never">
        {isTable && panel.columns.length > 1 ? (
          <ColumnChoice panel={panel} {...(columns ? { columns } : {})} onChange={onColumns} />
        ) : null}
        {isTable ? (
          <Menu.Root
            onOpenChange={(open) => {
              // The marked row, before the menu takes the focus from it.
              if (open) lastRow.current = section()?.querySelector<HTMLElement>('tbody > tr[data-marked]') ?? null
            }}
          >
            <Menu.Trigger className="quiet">{text.panel.copy}</Menu.Trigger>
            <Menu.Portal container={document.getElementById('content')}>
              <Menu.Positioner className="popup-position" sideOffset={4} align="end">
                <Menu.Popup className="menu">
                  <Menu.Item className="menu__item" onClick={() => void copy('table')}>
                    {pages > 1 ? text.panel.copyPage : text.panel.copyTable}
                  </Menu.Item>
                  <Menu.Item className="menu__item" onClick={() => void copy('row')}>
                    <span>{text.panel.copyRow}</span> <kbd>c</kbd>
                  </Menu.Item>
                </Menu.Popup>
              </Menu.Positioner>
            </Menu.Portal>
          </Menu.Root>
        ) : null}
        <Menu.Root onOpenChange={setExporting}>
          <Menu.Trigger className="quiet">{text.panel.export}</Menu.Trigger>
          <Menu.Portal container={document.getElementById('content')}>
            <Menu.Positioner className="popup-position" sideOffset={4} align="end">
              <Menu.Popup className="menu">
                {masksOf(panel).map((sentence) => (
                  <p key={sentence} className="menu__note">
                    {sentence}
                  </p>
                ))}
                {costOf(cost).map((sentence) => (
                  <p key={sentence} className="menu__note">
                    {sentence}
                  </p>
                ))}
                {formats.map((format) => (
                  <Menu.Item
                    key={format}
                    className="menu__item"
                    onClick={() =>
                      start.mutate(
                        { panel: panel.name, format, ...(sort ? { sort } : {}) },
                        { onSuccess: (started) => onExport(started.id) },
                      )
                    }
                  >
                    <span>{text.formats[format][0]}</span>
                    <span className="menu__hint">{text.formats[format][1]}</span>
                  </Menu.Item>
                ))}
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.Root>
      </div>
      {start.error ? <ProblemNote problem={problemOf(start.error)} /> : null}
    </>
  )
}
