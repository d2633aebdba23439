/** What sets lines of business apart. Amounts are whole currency units, rates are per year. */
export interface Cover {
  kind: string
  /** How many policies have it. */
  share: number
  /** Part of the policy's sum insured, or a fixed limit when above 1. */
  sum: number
  weight: number
}

export interface Cause {
  code: string
  weight: number
  cover: string
  /** Half of the losses are below. */
  median: number
  /** Spread of the logarithm: 0.5 is narrow, 1.5 has a long tail. */
  spread: number
  /** Month by month, January first. */
  season: readonly number[]
  /** Someone else is damaged. */
  liability?: boolean
}

export interface Line {
  code: string
  /** Product codes are this and the year of the tariff. */
  product: string
  name: string
  persons: number
  organisations: number
  premium: readonly [number, number]
  sum: readonly [number, number]
  deductibles: readonly [number, ...number[]]
  cancel: number
  lapse: number
  gone: number
  insurerCancels: number
  claims: number
  covers: readonly [Cover, ...Cover[]]
  causes: readonly Cause[]
  /** Policies with an agreed end: shortest and longest term in years. */
  term?: readonly [number, number]
  life?: boolean
}

const even = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1] as const
const storm = [6, 5, 3, 1, 0.5, 0.6, 0.8, 0.8, 0.8, 2, 2.5, 5] as const
const hail = [0, 0, 0.1, 0.6, 2.5, 6, 8, 4, 0.8, 0.1, 0, 0] as const
const frost = [3, 3, 1.2, 0.8, 0.7, 0.7, 0.7, 0.7, 0.8, 0.9, 1, 2] as const
const flood = [0.6, 0.5, 0.5, 0.5, 1, 3, 4, 2.5, 0.7, 0.4, 0.4, 0.8] as const
const dark = [1.4, 1.1, 0.9, 0.7, 0.6, 0.7, 1.3, 1.1, 0.8, 1.2, 1.6, 2.2] as const
const ice = [2, 1.8, 1, 0.8, 0.8, 0.8, 0.8, 0.8, 0.9, 1, 1.2, 1.8] as const
const summer = [0.4, 0.4, 0.7, 1.1, 1.5, 1.7, 1.6, 1.5, 1.3, 0.9, 0.5, 0.4] as const

const motorCauses: readonly Cause[] = [
  { code: 'K01', weight: 48, cover: 'KH', median: 2100, spread: 1, season: ice, liability: true },
  { code: 'K04', weight: 24, cover: 'TK', median: 620, spread: 0.4, season: even },
  { code: 'K03', weight: 9, cover: 'TK', median: 2300, spread: 0.6, season: hail },
  { code: 'K05', weight: 9, cover: 'TK', median: 1400, spread: 0.6, season: dark },
  { code: 'K02', weight: 3, cover: 'TK', median: 9500, spread: 0.7, season: even },
  { code: 'H02', weight: 5, cover: 'KH', median: 6500, spread: 1.5, season: ice, liability: true },
]

export const lines: readonly [Line, ...Line[]] = [
  {
    code: '11',
    product: 'KFZ',
    name: 'Kraftfahrt',
    persons: 37,
    organisations: 30,
    premium: [190, 980],
    sum: [50_000_000, 100_000_000],
    deductibles: [0, 150, 300, 500],
    cancel: 0.06,
    lapse: 0.018,
    gone: 0.05,
    insurerCancels: 0.004,
    claims: 0.062,
    covers: [
      { kind: 'KH', share: 1, sum: 1, weight: 0.55 },
      { kind: 'TK', share: 0.62, sum: 40_000, weight: 0.15 },
      { kind: 'VK', share: 0.4, sum: 40_000, weight: 0.25 },
      { kind: 'IU', share: 0.1, sum: 25_000, weight: 0.05 },
    ],
    causes: motorCauses,
  },
  {
    code: '12',
    product: 'FLO',
    name: 'Flotte',
    persons: 0,
    organisations: 14,
    premium: [650, 1900],
    sum: [100_000_000, 100_000_000],
    deductibles: [500, 1000, 2500],
    cancel: 0.06,
    lapse: 0.006,
    gone: 0.01,
    insurerCancels: 0.02,
    claims: 0.09,
    covers: [
      { kind: 'KH', share: 1, sum: 1, weight: 0.6 },
      { kind: 'VK', share: 0.8, sum: 120_000, weight: 0.4 },
    ],
    causes: motorCauses,
  },
  {
    code: '21',
    product: 'HAU',
    name: 'Hausrat',
    persons: 20,
    organisations: 2,
    premium: [60, 310],
    sum: [20_000, 140_000],
    deductibles: [0, 0, 150, 300],
    cancel: 0.045,
    lapse: 0.022,
    gone: 0.03,
    insurerCancels: 0.003,
    claims: 0.032,
    covers: [
      { kind: 'HR', share: 1, sum: 1, weight: 0.8 },
      { kind: 'FR', share: 0.35, sum: 2500, weight: 0.1 },
      { kind: 'GL', share: 0.3, sum: 5000, weight: 0.1 },
      { kind: 'EL', share: 0.12, sum: 1, weight: 0.1 },
    ],
    causes: [
      { code: 'E01', weight: 20, cover: 'HR', median: 2600, spread: 0.9, season: dark },
      { code: 'E02', weight: 25, cover: 'FR', median: 640, spread: 0.5, season: summer },
      { code: 'G03', weight: 30, cover: 'HR', median: 1300, spread: 0.9, season: frost },
      { code: 'G04', weight: 10, cover: 'HR', median: 2200, spread: 1.4, season: dark },
      { code: 'G01', weight: 8, cover: 'HR', median: 700, spread: 0.7, season: storm },
      { code: 'G05', weight: 4, cover: 'EL', median: 5200, spread: 0.9, season: flood },
    ],
  },
  {
    code: '22',
    product: 'WGB',
    name: 'Wohngebäude',
    persons: 10,
    organisations: 14,
    premium: [160, 1150],
    sum: [140_000, 1_200_000],
    deductibles: [0, 0, 500, 1000],
    cancel: 0.03,
    lapse: 0.006,
    gone: 0.022,
    insurerCancels: 0.005,
    claims: 0.055,
    covers: [
      { kind: 'WG', share: 1, sum: 1, weight: 0.85 },
      { kind: 'EL', share: 0.3, sum: 1, weight: 0.12 },
      { kind: 'GL', share: 0.2, sum: 10_000, weight: 0.06 },
    ],
    causes: [
      { code: 'G03', weight: 46, cover: 'WG', median: 2300, spread: 0.9, season: frost },
      { code: 'G01', weight: 28, cover: 'WG', median: 1500, spread: 0.9, season: storm },
      { code: 'G02', weight: 9, cover: 'WG', median: 3800, spread: 0.8, season: hail },
      { code: 'G04', weight: 8, cover: 'WG', median: 9500, spread: 1.5, season: dark },
      { code: 'G05', weight: 6, cover: 'EL', median: 14_000, spread: 1, season: flood },
    ],
  },
  {
    code: '31',
    product: 'PHV',
    name: 'Privathaftpflicht',
    persons: 15,
    organisations: 0,
    premium: [45, 160],
    sum: [3_000_000, 50_000_000],
    deductibles: [0, 0, 0, 150],
    cancel: 0.05,
    lapse: 0.022,
    gone: 0.01,
    insurerCancels: 0.003,
    claims: 0.018,
    covers: [{ kind: 'PH', share: 1, sum: 1, weight: 1 }],
    causes: [
      { code: 'H01', weight: 88, cover: 'PH', median: 420, spread: 0.9, season: summer, liability: true },
      { code: 'H02', weight: 12, cover: 'PH', median: 4200, spread: 1.6, season: ice, liability: true },
    ],
  },
  {
    code: '41',
    product: 'UNF',
    name: 'Unfall',
    persons: 7,
    organisations: 3,
    premium: [80, 420],
    sum: [50_000, 500_000],
    deductibles: [0],
    cancel: 0.04,
    lapse: 0.02,
    gone: 0.004,
    insurerCancels: 0.002,
    claims: 0.012,
    covers: [
      { kind: 'UI', share: 1, sum: 1, weight: 0.8 },
      { kind: 'UT', share: 0.6, sum: 0.2, weight: 0.2 },
    ],
    causes: [{ code: 'U01', weight: 1, cover: 'UI', median: 5200, spread: 1.1, season: even }],
  },
  {
    code: '51',
    product: 'RLV',
    name: 'Risikoleben',
    persons: 5,
    organisations: 0,
    premium: [90, 640],
    sum: [25_000, 400_000],
    deductibles: [0],
    cancel: 0.022,
    lapse: 0.018,
    gone: 0,
    insurerCancels: 0,
    claims: 0,
    term: [8, 30],
    life: true,
    covers: [
      { kind: 'LT', share: 1, sum: 1, weight: 0.85 },
      { kind: 'BU', share: 0.2, sum: 0.1, weight: 0.15 },
    ],
    causes: [],
  },
  {
    code: '52',
    product: 'KLV',
    name: 'Kapitalleben',
    persons: 6,
    organisations: 1,
    premium: [300, 2400],
    sum: [10_000, 150_000],
    deductibles: [0],
    cancel: 0.03,
    lapse: 0.014,
    gone: 0,
    insurerCancels: 0,
    claims: 0,
    term: [12, 35],
    life: true,
    covers: [
      { kind: 'LT', share: 1, sum: 1, weight: 0.3 },
      { kind: 'LE', share: 1, sum: 1, weight: 0.6 },
      { kind: 'BU', share: 0.15, sum: 0.12, weight: 0.1 },
    ],
    causes: [],
  },
  {
    code: '71',
    product: 'GEW',
    name: 'Gewerbe',
    persons: 0,
    organisations: 36,
    premium: [280, 4800],
    sum: [50_000, 4_000_000],
    deductibles: [250, 500, 1000, 2500],
    cancel: 0.06,
    lapse: 0.014,
    gone: 0.03,
    insurerCancels: 0.012,
    claims: 0.07,
    covers: [
      { kind: 'BI', share: 1, sum: 1, weight: 0.6 },
      { kind: 'BH', share: 0.7, sum: 5_000_000, weight: 0.3 },
      { kind: 'BB', share: 0.35, sum: 0.5, weight: 0.1 },
    ],
    causes: [
      { code: 'E01', weight: 20, cover: 'BI', median: 3300, spread: 0.9, season: dark },
      { code: 'G03', weight: 24, cover: 'BI', median: 3000, spread: 1, season: frost },
      { code: 'G04', weight: 8, cover: 'BI', median: 16_000, spread: 1.6, season: dark },
      { code: 'H01', weight: 30, cover: 'BH', median: 1500, spread: 1.1, season: even, liability: true },
      { code: 'H02', weight: 6, cover: 'BH', median: 11_000, spread: 1.4, season: even, liability: true },
    ],
  },
]

/** Years in which new tariffs came. */
export const generations = [1985, 1994, 2002, 2010, 2018] as const

export function productCode(line: Line, year: number): string {
  let generation: number = generations[0]
  for (const candidate of generations) if (candidate <= year) generation = candidate
  return `${line.product}${String(generation % 100).padStart(2, '0')}`
}
