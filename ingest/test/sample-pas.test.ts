import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Application, Column } from '@muniment/archive/model/types'
import { generatePas, type SampleManifest } from '@muniment/ingest/sample/pas/generate'
import { hostileTexts } from '@muniment/ingest/sample/pas/words/texts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cents, groupBy, readModel, readTables, readText, rowsOf, type Tables } from './sample-reader.ts'

const POLICIES = 1000
let application: Application
let folder: string

beforeAll(async () => {
  application = await readModel()
  folder = await mkdtemp(join(tmpdir(), 'muniment-sample-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.each([1, 4_000_000_007])('a sample with seed %i', (seed) => {
  let out: string
  let manifest: SampleManifest
  let tables: Tables
  const rows = (table: string) => rowsOf(tables, table)

  beforeAll(async () => {
    out = join(folder, String(seed))
    manifest = await generatePas({ policies: POLICIES, seed, out, workers: 1 })
    tables = await readTables(out, application)
  })

  it('delivers every table of the model and nothing else', async () => {
    const expected = [...application.tables.map((table) => `${table.source.name}.csv`), 'manifest.json']
    expect((await readdir(out)).sort()).toEqual(expected.sort())
    expect(application.tables.length).toBeGreaterThanOrEqual(24)
    for (const table of application.tables) expect(rows(table.name).length, table.name).toBeGreaterThan(0)
  })

  it('states rows, bytes, hashes and sums that agree with the files', async () => {
    const stated = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'))
    const { truth, ...said } = manifest
    expect(stated).toEqual(said)
    for (const file of stated.files as SampleManifest['files']) {
      const bytes = await readFile(join(out, file.name))
      expect(file.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
      expect(file.bytes).toBe(bytes.byteLength)
      expect(file.rows).toBe(rows(file.table).length)
      expect(truth.rows[file.table]).toBe(file.rows)
      const table = application.tables.find(({ name }) => name === file.table)
      expect(Object.keys(file.totals)).toHaveLength(table?.totals.length ?? -1)
      for (const name of table?.totals ?? []) {
        const source = table?.columns.find((column) => column.name === name)?.source ?? ''
        const sum = rows(file.table).reduce((total, row) => total + cents(row[name]), 0)
        expect(file.totals[source], `${file.name} ${source}`).toBe((sum / 100).toFixed(2))
      }
    }
  })

  it('has as many policies as asked for', () => {
    expect(rows('policies')).toHaveLength(POLICIES)
    expect(manifest.truth.policies.all).toBe(POLICIES)
  })

  it('has no key twice', () => {
    for (const table of application.tables) {
      const keys = new Set(rows(table.name).map((row) => table.primaryKey.map((name) => row[name]).join('|')))
      expect(keys.size, table.name).toBe(rows(table.name).length)
    }
  })

  it('has references that all lead somewhere but the planned orphans', () => {
    const orphans: Record<string, number> = {}
    for (const table of application.tables) {
      for (const { columns, references } of table.foreignKeys) {
        const known = new Set(
          rows(references.table).map((row) => references.columns.map((name) => row[name]).join('|')),
        )
        const lost = rows(table.name).filter(
          (row) =>
            columns.every((name) => row[name] !== null) && !known.has(columns.map((name) => row[name]).join('|')),
        )
        if (lost.length > 0) orphans[`${table.name}.${columns[0]}`] = lost.length
      }
    }
    expect(orphans).toEqual(manifest.truth.orphans)
    for (const key of Object.keys(orphans)) expect(accepted(key, 'orphan'), key).toBe(true)
  })

  it('has values that fit their columns but the planned broken ones', () => {
    const found: Record<'casts' | 'precisions' | 'codes' | 'nulls', Record<string, number>> = {
      casts: {},
      precisions: {},
      codes: {},
      nulls: {},
    }
    const add = (kind: keyof typeof found, key: string) => {
      found[kind][key] = (found[kind][key] ?? 0) + 1
    }
    for (const table of application.tables) {
      for (const column of table.columns) {
        if (column.source === undefined) continue
        const codes =
          column.codeList === undefined
            ? undefined
            : new Set(application.codeLists[column.codeList]?.values.map(({ code }) => code))
        for (const row of rows(table.name)) {
          const key = `${table.name}.${column.name}`
          const value = row[column.name] ?? null
          if (value === null) {
            if (column.required) add('nulls', key)
          } else if (column.nulls.includes(value)) continue
          else if (codes && !codes.has(value)) add('codes', key)
          else if (!fits(column, value)) add('casts', key)
          else if (column.type === 'timestamp' && !value.endsWith('000')) add('precisions', key)
        }
      }
    }
    const { casts, precisions, codes, nulls } = manifest.truth
    expect(found).toEqual({ casts, precisions, codes, nulls })
    const kinds = { casts: 'cast', precisions: 'precision', codes: 'code', nulls: 'null' } as const
    for (const kind of ['casts', 'precisions', 'codes', 'nulls'] as const) {
      expect(Object.keys(found[kind]).length, kind).toBeGreaterThan(0)
      for (const key of Object.keys(found[kind])) expect(accepted(key, kinds[kind]), key).toBe(true)
    }
  })

  const accepted = (key: string, kind: string): boolean => {
    const [name, column] = key.split('.')
    const table = application.tables.find((candidate) => candidate.name === name)
    return table?.accept.some((rule) => rule.kind === kind && rule.column === column) === true
  }

  it('writes each table in its own encoding, with nothing lost', async () => {
    const umlauts: Record<string, boolean> = {}
    for (const table of application.tables) {
      const text = await readText(out, table)
      expect(text, table.name).not.toContain('\ufffd')
      if (table.source.encoding !== 'utf-8')
        umlauts[table.source.encoding] = umlauts[table.source.encoding] || /[äöüß]/.test(text)
    }
    expect(umlauts).toEqual({ 'windows-1252': true, 'latin-1': true })
    const agents = application.tables.find(({ name }) => name === 'agents')
    expect(agents && (await readText(out, agents))).toContain('Agenzia del Ceresio – Assicurazioni')
    // A question mark would be a letter that the encoding lacks.
    for (const row of rows('agents')) expect(row.name).not.toContain('?')
  })

  it('holds every kind of hostile text, markup, templates, SQL and formulas alike', () => {
    const texts = new Set(rows('correspondence').map(({ text }) => text))
    expect(Object.keys(hostileTexts).length).toBeGreaterThanOrEqual(16)
    for (const [kind, text] of Object.entries(hostileTexts)) expect(texts.has(text), kind).toBe(true)
    const everywhere = [
      'parties',
      'policy_versions',
      'claim_events',
      'receipts',
      'complaints',
      'documents_sent',
      'claims',
    ]
    const all = new Set(Object.values(hostileTexts))
    const cells = application.tables.flatMap((table) => rows(table.name).flatMap((row) => Object.values(row)))
    expect(cells.filter((value) => value !== null && all.has(value))).toHaveLength(manifest.truth.hostileTexts)
    for (const table of everywhere) {
      expect(
        rows(table).some((row) => Object.values(row).some((value) => value !== null && all.has(value))),
        table,
      ).toBe(true)
    }
  })

  it('holds names in other scripts, apostrophes, quotes, line ends, open dates and missing values', () => {
    const names = rows('parties')
      .map(({ display_name }) => display_name ?? '')
      .join('\n')
    for (const script of [
      /\p{Script=Cyrillic}/u,
      /\p{Script=Greek}/u,
      /\p{Script=Arabic}/u,
      /\p{Script=Han}/u,
      /[łńśż]/,
      /[ışğ]/,
      /ễ/,
      /'/,
    ])
      expect(names).toMatch(script)
    expect(rows('correspondence').some(({ text }) => text?.includes('\n') && text.includes('"'))).toBe(true)
    expect(rows('policies').some(({ ends_on }) => ends_on === '99991231')).toBe(true)
    expect(rows('parties').some(({ birth_date, kind }) => kind === '01' && birth_date === null)).toBe(true)
    expect(new Set(rows('policies').map(({ currency }) => currency))).toEqual(new Set(['EUR', 'CHF']))
    expect(new Set(rows('policies').map(({ legal_entity }) => legal_entity))).toEqual(new Set(['10', '20']))
  })

  it('knows its duplicates, third parties and staff', () => {
    const { truth } = manifest
    const linked = rows('parties').filter(({ same_person_as }) => same_person_as !== null)
    expect(linked).toHaveLength(truth.duplicates.linked)
    expect(truth.duplicates.unlinked).toBeGreaterThan(0)
    const parties = new Map(rows('parties').map((row) => [row.party_number, row]))
    for (const [second, first] of truth.duplicates.examples) {
      expect(parties.has(second)).toBe(true)
      expect(parties.has(first)).toBe(true)
      expect([null, first]).toContain(parties.get(second)?.same_person_as)
    }
    expect(rows('parties').filter(({ customer_number }) => customer_number === null)).toHaveLength(
      truth.parties.thirdParties,
    )
    expect(rows('parties').filter(({ staff }) => staff === 'J')).toHaveLength(truth.parties.staff)
    expect(rows('policies').filter(({ staff_terms }) => staff_terms === 'J')).toHaveLength(truth.policies.staffTerms)
    const holders = new Set(rows('policies').map(({ holder_party_number }) => holder_party_number))
    const strangers = rows('claim_parties').filter(({ party_number }) => !holders.has(party_number ?? ''))
    expect(strangers.length).toBeGreaterThan(50)
  })

  it('believes exactly one version of a policy for each day, on each day since it was known', () => {
    for (const versions of groupBy(rows('policy_versions'), 'policy_number').values()) {
      const validDays = [...new Set(versions.map(({ valid_from }) => valid_from ?? ''))]
      const begin = validDays.reduce((a, b) => (a < b ? a : b))
      for (const known of new Set(versions.map(({ recorded_from }) => recorded_from ?? ''))) {
        for (const valid of [...validDays, begin, '20241231']) {
          const believed = versions.filter(
            (row) => between(valid, row.valid_from, row.valid_to) && between(known, row.recorded_from, row.recorded_to),
          )
          expect(believed, `${versions[0]?.policy_number} on ${valid} as known on ${known}`).toHaveLength(1)
        }
      }
    }
  })

  it('ends each policy as its last version says', () => {
    const versions = groupBy(rows('policy_versions'), 'policy_number')
    for (const policy of rows('policies')) {
      const last = versions
        .get(policy.policy_number ?? '')
        ?.find((row) => row.recorded_to === '99991231' && row.valid_to === '99991231')
      expect(last?.status, policy.policy_number ?? '').toBe(policy.status)
      expect(policy.ends_on === '99991231').toBe(policy.status?.startsWith('A'))
    }
  })

  it('keeps accounts in which each invoice is open by what was not allocated to it', () => {
    const allocated = groupBy(rows('allocations'), 'invoice_number')
    for (const invoice of rows('invoices')) {
      const paid = (allocated.get(invoice.invoice_number ?? '') ?? []).reduce((sum, row) => sum + cents(row.amount), 0)
      const open = invoice.status === 'S' ? 0 : cents(invoice.amount) - paid
      expect(cents(invoice.open_amount), invoice.invoice_number ?? '').toBe(open)
      expect(open === 0, invoice.invoice_number ?? '').toBe(/[AS]/.test(invoice.status ?? ''))
    }
    const receipts = groupBy(rows('allocations'), 'receipt_number')
    for (const receipt of rows('receipts')) {
      const spent = (receipts.get(receipt.receipt_number ?? '') ?? []).reduce((sum, row) => sum + cents(row.amount), 0)
      expect(spent, receipt.receipt_number ?? '').toBe(/[VR]/.test(receipt.status ?? '') ? cents(receipt.amount) : 0)
    }
  })

  it('adds up what claims paid and reserve', () => {
    const payments = groupBy(rows('claim_payments'), 'claim_number')
    const reserves = groupBy(rows('reserves'), 'claim_number')
    for (const claim of rows('claims')) {
      const number = claim.claim_number ?? ''
      const paid = (payments.get(number) ?? []).filter(({ status }) => status !== 'S')
      expect(cents(claim.total_paid), number).toBe(paid.reduce((sum, row) => sum + cents(row.amount), 0))
      const standing = (reserves.get(number) ?? []).filter(({ recorded_to }) => recorded_to === '99991231')
      expect(cents(claim.total_reserved), number).toBe(standing.reduce((sum, row) => sum + cents(row.amount), 0))
    }
  })

  it('has losses within the term of their policies and nothing after the switch-off', () => {
    const policies = new Map(rows('policies').map((row) => [row.policy_number, row]))
    for (const claim of rows('claims')) {
      const policy = policies.get(claim.policy_number ?? '')
      expect(between(claim.loss_date ?? '', policy?.begins_on, policy?.ends_on), claim.claim_number ?? '').toBe(true)
    }
    for (const [table, column] of [
      ['claim_events', 'occurred_at'],
      ['receipts', 'booked_on'],
      ['claim_payments', 'paid_on'],
      ['documents_sent', 'created_at'],
      ['refunds', 'paid_on'],
      ['correspondence', 'letter_date'],
      ['commissions', 'settled_on'],
      ['complaints', 'received_on'],
    ] as const) {
      const late = rows(table).filter((row) => (row[column] ?? '').replaceAll('-', '').slice(0, 8) > '20241231')
      expect(late, table).toEqual([])
    }
  })

  it('brings the code table that the model was taken from', () => {
    const lists = Object.entries(application.codeLists).filter(([, { source }]) => source?.table === 'codes')
    expect(lists.length).toBeGreaterThan(30)
    for (const [name, list] of lists) {
      const brought = rows('codes').filter((row) => row.list === list.source?.list)
      expect(
        brought.map(({ code, label, description }) => ({ code, label, description })),
        name,
      ).toEqual(list.values.map(({ code, label, description }) => ({ code, label, description: description ?? null })))
    }
  })
})

describe('the generator', () => {
  it('writes the same bytes for any number of threads', async () => {
    const hashes = async (workers: number) => {
      const out = join(folder, `workers-${workers}`)
      const progress: number[] = []
      const { files, truth } = await generatePas({
        policies: 2100,
        seed: 7,
        out,
        workers,
        onProgress: (done) => progress.push(done),
      })
      expect(progress).toEqual([1023, 2023, 2100])
      return { files, truth }
    }
    const alone = await hashes(1)
    expect(await hashes(2)).toEqual(alone)
    expect(await hashes(3)).toEqual(alone)
  })

  it('writes other records for another seed', async () => {
    const names = async (seed: number) => {
      const { files } = await generatePas({ policies: 60, seed, out: join(folder, `seed-${seed}`), workers: 1 })
      return files.find(({ table }) => table === 'parties')?.sha256
    }
    expect(await names(1)).not.toBe(await names(2))
  })

  it('leaves no manifest where it could not finish', async () => {
    const out = join(folder, 'unfinished')
    await generatePas({ policies: 30, seed: 1, out, workers: 1 })
    const stopped = generatePas({
      policies: 1100,
      seed: 1,
      out,
      workers: 1,
      onProgress: () => {
        throw new Error('stopped')
      },
    })
    await expect(stopped).rejects.toThrow('stopped')
    expect(await readdir(out)).not.toContain('manifest.json')
  })
})

function between(value: string, from: string | null | undefined, to: string | null | undefined): boolean {
  return (from ?? '') <= value && value <= (to ?? '99991231')
}

function fits(column: Column, value: string): boolean {
  switch (column.type) {
    case 'varchar':
      return true
    case 'integer':
      return /^-?\d+$/.test(value)
    case 'boolean':
      return column.sourceFormat?.split('|').includes(value) === true
    case 'date':
      return isDay(value, column.sourceFormat)
    case 'timestamp':
      return /^\d{4}-\d\d-\d\d-\d\d\.\d\d\.\d\d\.\d{6}$/.test(value)
    default:
      return new RegExp(`^-?\\d+${column.decimalComma ? ',' : '\\.'}\\d+$`).test(value)
  }
}

function isDay(value: string, format: string | undefined): boolean {
  const [, year, month, day] =
    (format === '%Y%m%d'
      ? /^(\d{4})(\d\d)(\d\d)$/.exec(value)
      : format === '%d.%m.%Y'
        ? null
        : /^(\d{4})-(\d\d)-(\d\d)$/.exec(value)) ??
    (format === '%d.%m.%Y' ? swap(/^(\d\d)\.(\d\d)\.(\d{4})$/.exec(value)) : null) ??
    []
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day)
}

const swap = (match: RegExpExecArray | null): (string | undefined)[] | null =>
  match && [match[0], match[3], match[2], match[1]]
