import { Popover } from '@base-ui/react/popover'
import type { PanelState } from '@muniment/api/contract'
import { changeSettings, useSettings } from '../../lib/settings.ts'
import { text } from './text.ts'

interface ColumnChoiceProps {
  panel: PanelState
  columns?: string[]
  onChange: (columns: string[] | undefined) => void
}

export function ColumnChoice({ panel, columns, onChange }: ColumnChoiceProps) {
  const { density: current } = useSettings()
  const shown = columns ?? panel.columns.filter((column) => !column.hidden).map((column) => column.name)
  const toggle = (name: string, isShown: boolean) => {
    // Always in the template's order, whatever order they were chosen in.
    const next = panel.columns
      .map((column) => column.name)
      .filter((one) => (one === name ? isShown : shown.includes(one)))
    if (next.length > 0) onChange(next)
  }
  return (
    <Popover.Root>
      <Popover.Trigger className="quiet">{text.panel.columns}</Popover.Trigger>
      <Popover.Portal container={document.getElementById('content')}>
        <Popover.Positioner className="popup-position" sideOffset={4} align="end">
          <Popover.Popup className="popover">
            <Popover.Title className="popover__title">{text.panel.columnsTitle}</Popover.Title>
            <div className="choices choices--dense">
              {panel.columns.map((column) => (
                <label key={column.name} className="choice">
                  <input
                    type="checkbox"
                    checked={shown.includes(column.name)}
                    onChange={(event) => toggle(column.name, event.target.checked)}
                  />
                  <span>
                    {column.label}
                    {column.masked ? <span className="hint"> {text.panel.masked[column.masked]}</span> : null}
                  </span>
                </label>
              ))}
            </div>
            {shown.length === 1 ? <p className="hint">{text.panel.oneColumn}</p> : null}
            <fieldset className="choices choices--dense choices--row popover__part">
              <legend>{text.panel.density}</legend>
              {(['compact', 'comfortable'] as const).map((density) => (
                <label key={density} className="choice">
                  <input
                    type="radio"
                    name={`density-${panel.name}`}
                    checked={current === density}
                    onChange={() => changeSettings({ density })}
                  />
                  <span>{text.panel.densities[density]}</span>
                </label>
              ))}
            </fieldset>
            {columns ? (
              <button type="button" className="quiet" onClick={() => onChange(undefined)}>
                {text.panel.columnsReset}
              </button>
            ) : null}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
