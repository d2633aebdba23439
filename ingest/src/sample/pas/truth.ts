/** What the generator knows about its own records, so that tests can count on it. Keys are `table.column` unless said otherwise. */
export interface SampleTruth {
  /** Rows by table. */
  rows: Record<string, number>
  /** Rows whose reference leads nowhere, on purpose. */
  orphans: Record<string, number>
  /** Values that are none of the column's type. */
  casts: Record<string, number>
  /** Timestamps finer than milliseconds. */
  precisions: Record<string, number>
  /** Values that are in no code list. */
  codes: Record<string, number>
  /** Missing values of required columns. */
  nulls: Record<string, number>
  /** Records of a person who has another one. */
  duplicates: {
    linked: number
    unlinked: number /** Up to 100 pairs: the record, the first record. */
    examples: [string, string][]
  }
  /** Parties by what they are: customers, thirdParties, staff. */
  parties: { customers: number; thirdParties: number; staff: number }
  /** Policies by what is special about them. */
  policies: { all: number; staffTerms: number; swiss: number; reinstated: number; corrected: number }
  /** Free texts that hold something hostile. */
  hostileTexts: number
}

export function emptyTruth(): SampleTruth {
  return {
    rows: {},
    orphans: {},
    casts: {},
    precisions: {},
    codes: {},
    nulls: {},
    duplicates: { linked: 0, unlinked: 0, examples: [] },
    parties: { customers: 0, thirdParties: 0, staff: 0 },
    policies: { all: 0, staffTerms: 0, swiss: 0, reinstated: 0, corrected: 0 },
    hostileTexts: 0,
  }
}

export function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1
}

/** Adds `part` to `whole`. */
export function addTruth(whole: SampleTruth, part: SampleTruth): void {
  for (const kind of ['rows', 'orphans', 'casts', 'precisions', 'codes', 'nulls'] as const) add(whole[kind], part[kind])
  for (const kind of ['parties', 'policies'] as const) add(whole[kind], part[kind])
  whole.hostileTexts += part.hostileTexts
  whole.duplicates.linked += part.duplicates.linked
  whole.duplicates.unlinked += part.duplicates.unlinked
  for (const example of part.duplicates.examples) {
    if (whole.duplicates.examples.length < 100) whole.duplicates.examples.push(example)
  }
}

function add(whole: Record<string, number>, part: Record<string, number>): void {
  for (const [key, value] of Object.entries(part)) whole[key] = (whole[key] ?? 0) + value
}
