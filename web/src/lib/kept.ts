/**
 * What the browser keeps between visits: settings, pins, column choices. Never anything from a record, and never what somebody
 * typed into a form. A browser that refuses storage loses the comfort, not the work.
 */
export function readKept<Value>(storage: 'local' | 'session', key: string, check: (value: unknown) => Value): Value {
  try {
    const area = storage === 'local' ? localStorage : sessionStorage
    return check(JSON.parse(area.getItem(`muniment.${key}`) ?? 'null'))
  } catch {
    return check(null)
  }
}

export function writeKept(storage: 'local' | 'session', key: string, value: unknown): void {
  try {
    const area = storage === 'local' ? localStorage : sessionStorage
    if (value === undefined || value === null) area.removeItem(`muniment.${key}`)
    else area.setItem(`muniment.${key}`, JSON.stringify(value))
  } catch {
    // Storage is full or forbidden.
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}
