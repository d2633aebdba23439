import { Select } from '@base-ui/react/select'
import type { ControlProps } from './Field.tsx'
import { text } from './text.ts'

interface SeveralOfProps extends ControlProps {
  options: ReadonlyArray<{ value: string; label: string }>
  values: string[]
  onChange: (values: string[]) => void
}

/** Several codes of a long list: closed it reads what was chosen, open it is gone through by arrows or by typing. */
export function SeveralOf({ options, values, onChange, name, id, ...control }: SeveralOfProps) {
  const chosen = options.filter(({ value }) => values.includes(value))
  return (
    <Select.Root
      multiple
      name={name}
      items={options}
      value={values}
      // In the order of the list, whatever order they were chosen in.
      onValueChange={(next) => onChange(options.flatMap(({ value }) => (next.includes(value) ? [value] : [])))}
    >
      <Select.Trigger {...control} id={id} aria-labelledby={`${id}-label ${id}`} className="several-of">
        <Select.Value className="several-of__value">
          {chosen.length === 0 ? text.chooseAny(options.length) : chosen.map(({ label }) => label).join(', ')}
        </Select.Value>
      </Select.Trigger>
      <Select.Portal container={document.getElementById('content')}>
        <Select.Positioner className="popup-position" alignItemWithTrigger={false} sideOffset={4} align="start">
          <Select.Popup className="menu several-of__list">
            {options.map(({ value, label }) => (
              <Select.Item key={value} value={value} className="menu__item several-of__item">
                <span className="several-of__mark" aria-hidden="true" />
                <Select.ItemText>{label}</Select.ItemText>
              </Select.Item>
            ))}
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  )
}
