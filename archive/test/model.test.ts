import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closest } from '../src/did-you-mean.ts'
import { TemplateError } from '../src/errors.ts'
import { lineOf } from '../src/json-lines.ts'
import { listApplications, loadApplication, parseApplication } from '../src/model/load.ts'
import type { ModelFinding } from '../src/model/parse.ts'
import { tinyApplication, tinyTables } from './tiny-model.ts'

type Json = Record<string, unknown>

/** The findings for the tiny model after `change`, which may alter it in any way. */
function findingsAfter(change: (files: { application: Json; people: Json; contracts: Json }) => void): ModelFinding[] {
  const files = structuredClone({ application: tinyApplication, ...tinyTables }) as Parameters<typeof change>[0]
  change(files)
  const source = (file: string, value: unknown) => ({ file, text: JSON.stringify(value, null, 2) })
  try {
    parseApplication('tiny', source('tiny/application.json', files.application), [
      source('tiny/tables/contracts.json', files.contracts),
      source('tiny/tables/people.json', files.people),
    ])
  } catch (error) {
    if (error instanceof TemplateError) return error.detail.findings as ModelFinding[]
    throw error
  }
  return []
}

function column(table: Json, name: string): Json {
  const found = (table.columns as Json[]).find((each) => each.name === name)
  if (!found) throw new Error(`no column ${name}`)
  return found
}

describe('a model', () => {
  it('has no findings when it is consistent', () => {
    expect(findingsAfter(() => {})).toEqual([])
  })

  const faults: [string, (files: { application: Json; people: Json; contracts: Json }) => void, RegExp, RegExp?][] = [
    ['an unknown domain', ({ people }) => (people.domain = 'peopel'), /no domain "peopel"/, /"people"/],
    [
      'a table named unlike its file',
      ({ people }) => (people.name = 'persons'),
      /named "persons", but its file "people"/,
    ],
    [
      'a key column that does not exist',
      ({ people }) => (people.primaryKey = ['person_ld']),
      /no column "person_ld"/,
      /"person_id"/,
    ],
    [
      'a sort column that does not exist',
      ({ people }) => (people.sortBy = ['person_id', 'nmae']),
      /no column "nmae"/,
      /"name"/,
    ],
    [
      'a partition column that is no varchar',
      ({ contracts }) => (contracts.partitionBy = ['begins']),
      /partition column is varchar/,
    ],
    ['a total of a text', ({ contracts }) => (contracts.totals = ['currency']), /has no sum/],
    ['a period of texts', ({ contracts }) => (contracts.valid = { from: 'currency' }), /needs a date/],
    [
      'a currency column that does not exist',
      ({ contracts }) => (column(contracts, 'premium').currency = 'curency'),
      /no column "curency"/,
      /"currency"/,
    ],
    [
      'an unknown code list',
      ({ contracts }) => (column(contracts, 'state').codeList = 'stat'),
      /no code list "stat"/,
      /"state"/,
    ],
    [
      'a derived column with a source',
      ({ people }) => (column(people, 'name_folded').source = 'NAMEF'),
      /no source of its own/,
    ],
    [
      'a derivation from nothing',
      ({ people }) => (column(people, 'name_folded').derived = { from: ['nam'], function: 'fold' }),
      /no column "nam"/,
      /"name"/,
    ],
    [
      'a derivation from a derivation',
      ({ people }) => (column(people, 'name_sound').derived = { from: ['name_folded'], function: 'phonetic' }),
      /itself derived/,
    ],
    ['a derived number', ({ people }) => (column(people, 'name_folded').type = 'integer'), /derived column is varchar/],
    [
      'a column from nowhere',
      ({ people }) => delete column(people, 'name').source,
      /neither a source nor a derivation/,
    ],
    [
      'a column declared twice',
      ({ people }) => (people.columns as Json[]).push(column(people, 'name')),
      /"name" is declared twice/,
    ],
    [
      'a foreign key of another type',
      ({ contracts }) => (column(contracts, 'holder').type = 'bigint'),
      /contracts.holder is bigint, but people.person_id is varchar/,
    ],
    [
      'a foreign key to no table',
      ({ contracts }) =>
        (contracts.foreignKeys = [{ columns: ['holder'], references: { table: 'peopl', columns: ['person_id'] } }]),
      /no table "peopl"/,
      /"people"/,
    ],
    [
      'a foreign key of unequal width',
      ({ contracts }) =>
        (contracts.foreignKeys = [
          { columns: ['holder', 'currency'], references: { table: 'people', columns: ['person_id'] } },
        ]),
      /2 columns lead to 1/,
    ],
    [
      'a path that ends elsewhere',
      ({ contracts }) => (contracts.persons = [{ role: 'holder', steps: [] }]),
      /ends at contracts and not at people/,
    ],
    [
      'a path to persons without a table of persons',
      ({ application }) => delete application.personTable,
      /names no personTable/,
    ],
    [
      'an unknown time zone',
      ({ application }) => (application.timeZone = 'Europe/Berlni'),
      /no time zone/,
      /Europe\/Berlin/,
    ],
    [
      'a code given twice',
      ({ application }) =>
        (application.codeLists as { state: { values: Json[] } }).state.values.push({ code: 'A', label: 'Again' }),
      /code "A" is declared twice/,
    ],
    [
      'more places than digits',
      ({ contracts }) => (column(contracts, 'premium').type = 'decimal(2,4)'),
      /more decimal places/,
    ],
    [
      'a misspelt property',
      ({ people }) => (column(people, 'name').lable = 'x'),
      /columns\[1\] \(name\): there is no property "lable"/,
      /"label"/,
    ],
    ['a missing property', ({ people }) => delete people.title, /title is missing/],
    [
      'a misspelt type',
      ({ people }) => (column(people, 'name').type = 'text'),
      /columns\[1\] \(name\) type: a type is varchar/,
    ],
    [
      'a derived column less sensitive than what it comes from',
      ({ people }) => (column(people, 'name_folded').sensitivity = ['financial']),
      /name_folded is derived from name, but is not personal/,
      /sensitivities of name/,
    ],
    [
      'a row rule that is declared nowhere',
      ({ application, contracts }) => {
        application.rowRules = { staff: { title: 'Staff', description: 'Own people.' } }
        column(contracts, 'currency').rowRule = { name: 'staff', hides: ['EUR'] }
        column(contracts, 'state').rowRule = { name: 'stuff', hides: ['A'] }
      },
      /declares no row rule "stuff"/,
      /"staff"/,
    ],
    [
      'a row rule that no column carries',
      ({ application }) => (application.rowRules = { staff: { title: 'Staff', description: 'Own people.' } }),
      /no column carries the row rule "staff"/,
    ],
    [
      'a row rule on a date',
      ({ contracts }) => (column(contracts, 'begins').rowRule = { name: 'old', hides: ['1990-01-01'] }),
      /begins is date; a row rule is declared on a boolean, a code or a text/,
    ],
    [
      'a row rule that hides a code which does not exist',
      ({ contracts }) => (column(contracts, 'state').rowRule = { name: 'ended', hides: ['X'] }),
      /"X" is no value of it, so this would hide nothing/,
    ],
    [
      'a row rule on a boolean in the words of the source',
      ({ contracts }) => {
        Object.assign(column(contracts, 'currency'), { type: 'boolean', rowRule: { name: 'own', hides: ['J'] } })
      },
      /"J" is no value of it/,
      /"true" or "false"/,
    ],
    [
      'a row rule that hides every row',
      ({ contracts }) => (column(contracts, 'state').rowRule = { name: 'all', hides: ['A', 'E'] }),
      /every value is hidden/,
    ],
    [
      'a row rule carried by paths that do not lead through its table',
      ({ contracts }) => (column(contracts, 'state').rowRule = { name: 'ended', hides: ['E'], through: ['holder'] }),
      /state: no path to persons of these roles \(holder\) leads through contracts/,
    ],
    [
      'a row rule carried by a role that there is not',
      ({ contracts }) => (column(contracts, 'state').rowRule = { name: 'ended', hides: ['E'], through: ['owner'] }),
      /"holder"/,
    ],
    [
      'a row rule in a reference table',
      ({ contracts }) => {
        contracts.reference = true
        column(contracts, 'state').rowRule = { name: 'ended', hides: ['E'] }
      },
      /no row of it can be hidden/,
    ],
    [
      'a reference table about persons',
      ({ contracts }) => (contracts.reference = true),
      /contracts is about persons, so it cannot be a reference table/,
    ],
    [
      'a reference table of persons',
      ({ people }) => (people.reference = true),
      /people is the table of persons, so it cannot be a reference table/,
    ],
    [
      'something sensitive in a reference table',
      ({ people }) => (people.reference = true),
      /name is personal, but people is a reference table/,
    ],
    [
      'a number that is partly shown',
      ({ contracts }) =>
        Object.assign(column(contracts, 'premium'), { partly: { last: 2 }, sensitivity: ['financial'] }),
      /only a text has last characters/,
    ],
    [
      'a text that is partly shown and never masked',
      ({ contracts }) => (column(contracts, 'currency').partly = { last: 2 }),
      /is not sensitive, so it is never masked/,
    ],
    [
      'a code that is partly shown',
      ({ contracts }) => Object.assign(column(contracts, 'state'), { partly: { last: 1 }, sensitivity: ['personal'] }),
      /the end of a code is no code/,
    ],
    [
      'a derived column that shows more than what it comes from',
      ({ people }) => {
        column(people, 'name').partly = { last: 2 }
        column(people, 'name_folded').partly = { last: 3 }
      },
      /name_folded would show more of name than name does/,
    ],
    [
      'a sound that is partly shown',
      ({ people }) => {
        column(people, 'name').partly = { last: 2 }
        column(people, 'name_sound').partly = { last: 2 }
      },
      /name_sound would show more of name than name does/,
    ],
    [
      'a sensitive primary key',
      ({ people }) => (column(people, 'person_id').sensitivity = ['personal']),
      /person_id is personal, but is in the primary key/,
      /artificial key/,
    ],
    [
      'a sensitive foreign key',
      ({ contracts }) => (column(contracts, 'holder').sensitivity = ['personal']),
      /holder is personal, but is in a foreign key/,
    ],
    [
      'a sensitive column that partitions',
      ({ contracts }) => (column(contracts, 'state').sensitivity = ['health']),
      /its values would stand in the names of objects/,
    ],
    [
      'an application named unlike its folder',
      ({ application }) => (application.name = 'small'),
      /named "small", but its folder "tiny"/,
    ],
  ]
  it.each(faults)('with %s is refused, saying what is meant', (_title, change, message, hint) => {
    const findings = findingsAfter((files) => void change(files))
    const found = findings.find((finding) => message.test(finding.message))
    expect(found, JSON.stringify(findings)).toBeDefined()
    expect(found?.file).toMatch(/^tiny\/(application|tables\/(people|contracts))\.json$/)
    if (hint) expect(found?.hint).toMatch(hint)
  })

  it('may show the end of a text and of its number alike, and hide rows by a code', () => {
    const findings = findingsAfter(({ application, people, contracts }) => {
      application.rowRules = { ended: { title: 'Ended', description: 'What is over.' } }
      column(people, 'name').partly = { last: 4 }
      Object.assign(column(people, 'name_folded'), { partly: { last: 4 } })
      column(contracts, 'state').rowRule = { name: 'ended', hides: ['E'] }
    })
    expect(findings).toEqual([])
  })

  it('names everything that is wrong at once, each with its line', () => {
    const findings = findingsAfter(({ people, contracts }) => {
      people.domain = 'peopel'
      contracts.sortBy = ['nothing']
      column(contracts, 'state').codeList = 'stat'
    })
    expect(findings.map(({ file }) => file)).toEqual([
      'tiny/tables/contracts.json',
      'tiny/tables/contracts.json',
      'tiny/tables/people.json',
    ])
    const text = JSON.stringify({ ...tinyTables.people, domain: 'peopel' }, null, 2).split('\n')
    expect(text[(findings[2]?.line ?? 0) - 1]).toContain('"peopel"')
  })
})

describe('loadApplication', () => {
  let root = ''
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'model-'))
    const write = async (file: string, text: string) => {
      await mkdir(dirname(join(root, file)), { recursive: true })
      await writeFile(join(root, file), text)
    }
    await write('tiny/application.json', JSON.stringify(tinyApplication))
    for (const table of Object.values(tinyTables)) await write(`tiny/tables/${table.name}.json`, JSON.stringify(table))
    await write('tiny/tables/.people.json.swp', 'an editor was here')
    await write('torn/application.json', '{\n  "name": "torn",\n}')
    await write('src/readme.txt', 'no application')
  })
  afterAll(() => rm(root, { recursive: true }))

  it('reads the application with its tables in the order of their names', async () => {
    const model = await loadApplication(root, 'tiny')
    expect(model.tables.map(({ name }) => name)).toEqual(['contracts', 'people'])
    expect(model.tables[0]?.columns.find(({ name }) => name === 'premium')?.type).toBe('decimal(12,2)')
    expect(await listApplications(root)).toEqual(['tiny', 'torn'])
  })

  it('names the file and the line of broken JSON', async () => {
    await expect(loadApplication(root, 'torn')).rejects.toThrow(/torn\/application\.json:3: this is not JSON/)
  })

  it.each(['tini', '../tiny', 'src', ''])('finds no application "%s"', async (name) => {
    await expect(loadApplication(root, name)).rejects.toThrow(TemplateError)
  })

  it('says which application was probably meant', async () => {
    await expect(loadApplication(root, 'tini')).rejects.toThrow(/did you mean "tiny"\?/)
  })
})

describe('closest', () => {
  it.each([
    ['polcy_number', 'policy_number'],
    ['policyNumber', 'policy_number'],
    ['PREMIUM', 'premium'],
    ['preimum', 'premium'],
    ['zzz', undefined],
    ['', undefined],
  ])('of %j is %j', (word, meant) => {
    expect(closest(word, ['policy_number', 'premium', 'holder'])).toBe(meant)
  })
})

describe('lineOf', () => {
  it('finds the line of any value in any JSON text', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.array(fc.nat(5), { maxLength: 4 }), (value, choices) => {
        const marker = '\u0001here'
        const path: PropertyKey[] = []
        let holder = { root: structuredClone(value) } as unknown
        const whole = holder as { root: unknown }
        let last: PropertyKey = 'root'
        for (const choice of choices) {
          const place = Reflect.get(holder as object, last) as unknown
          if (typeof place !== 'object' || place === null) break
          const keys = Object.keys(place)
          const key = keys[choice % keys.length]
          if (key === undefined) break
          path.push(Array.isArray(place) ? Number(key) : key)
          holder = place
          last = key
        }
        Reflect.set(holder as object, last, marker)
        const text = JSON.stringify(whole.root, null, 1)
        expect(text.split('\n')[lineOf(text, path) - 1]).toContain('\\u0001here')
      }),
    )
  })
})
