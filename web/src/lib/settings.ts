import { isRecord, readKept, writeKept } from './kept.ts'
import { createStore, useStore } from './store.ts'

export interface Settings {
  theme: 'system' | 'light' | 'dark'
  density: 'compact' | 'comfortable'
  dates: 'long' | 'iso'
  paper: 'A4' | 'letter'
  /** Single keys as shortcuts; who dictates or mistypes easily turns them off. */
  keys: 'on' | 'off'
}

export function checkSettings(value: unknown): Settings {
  const kept = isRecord(value) ? value : {}
  return {
    theme: kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : 'system',
    density: kept.density === 'comfortable' ? 'comfortable' : 'compact',
    dates: kept.dates === 'iso' ? 'iso' : 'long',
    paper: kept.paper === 'letter' ? 'letter' : 'A4',
    keys: kept.keys === 'off' ? 'off' : 'on',
  }
}

export const settings = createStore<Settings>(readKept('local', 'settings', checkSettings), (value) => {
  writeKept('local', 'settings', value)
  const root = document.documentElement
  if (value.theme === 'system') delete root.dataset.theme
  else root.dataset.theme = value.theme
  root.dataset.density = value.density
})

export const useSettings = (): Settings => useStore(settings)

export function changeSettings(change: Partial<Settings>): void {
  settings.set({ ...settings.get(), ...change })
}
