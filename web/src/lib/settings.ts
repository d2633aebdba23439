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

// Where paper is Letter, by region: the Unicode locale data have it so.
const letterRegions = new Set(['BZ', 'CA', 'CL', 'CO', 'CR', 'GT', 'MX', 'NI', 'PA', 'PH', 'PR', 'SV', 'US', 'VE'])

/** The paper of the first language that names a region; A4 where none does. */
export function paperOf(languages: readonly string[]): Settings['paper'] {
  const region = languages.map((language) => /-([A-Z]{2})\b/.exec(language)?.[1]).find((one) => one !== undefined)
  return region !== undefined && letterRegions.has(region) ? 'letter' : 'A4'
}

const ownPaper = (): Settings['paper'] => paperOf(typeof navigator === 'undefined' ? [] : (navigator.languages ?? []))

export function checkSettings(value: unknown): Settings {
  const kept = isRecord(value) ? value : {}
  return {
    theme: kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : 'system',
    density: kept.density === 'comfortable' ? 'comfortable' : 'compact',
    dates: kept.dates === 'iso' ? 'iso' : 'long',
    paper: kept.paper === 'letter' || kept.paper === 'A4' ? kept.paper : ownPaper(),
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
