// The documented commands, tried from outside as a script would: exit codes, JSON, what is visible afterwards.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { install } from './lib/install.mjs'
import { root } from './lib/run.mjs'

await install('all')
const place = mkdtempSync(join(tmpdir(), 'muniment-conformance-'))
const home = join(place, 'home')
const delivery = join(place, 'delivery')
let passed = 0
let failed = 0

/** Runs `muniment` with words; `env` is added, `input` is what it reads. */
function muniment(words, env = {}, input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin', 'muniment.mjs'), ...words], {
    env: { ...process.env, MUNIMENT_HOME: home, ...env },
    encoding: 'utf8',
    input,
    maxBuffer: 64 * 1024 * 1024,
  })
  const json = () => JSON.parse(stdout)
  return { status, stdout, stderr, json }
}

async function behaves(title, act) {
  try {
    await act()
    passed++
    console.log(`ok     ${title}`)
  } catch (error) {
    failed++
    console.log(`FAILED ${title}\n       ${error.message}`)
  }
}

function same(actual, expected, what) {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (left !== right) throw new Error(`${what}: ${left} instead of ${right}`)
}

function holds(condition, what) {
  if (!condition) throw new Error(what)
}

const filesBelow = (folder) =>
  (existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : []).filter((entry) =>
    entry.isFile(),
  )
const policy = ['--input', 'policy_number=100000025']

await behaves('sample writes a file a table and the manifest', () => {
  const { status, stderr, json } = muniment([
    'sample',
    'pas',
    '--policies',
    '300',
    '--seed',
    '7',
    '--out',
    delivery,
    '--json',
  ])
  same(status, 0, `exit (${stderr})`)
  const manifest = json()
  holds(manifest.files.length >= 24, `${manifest.files.length} files`)
  same(
    JSON.parse(readFileSync(join(delivery, 'manifest.json'), 'utf8')).files.length,
    manifest.files.length,
    'files in the manifest',
  )
})

await behaves('sample with the same seed writes the same files', () => {
  const again = join(place, 'again')
  same(muniment(['sample', 'pas', '--policies', '300', '--seed', '7', '--out', again]).status, 0, 'exit')
  const hashes = (folder) =>
    JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')).files.map((file) => file.sha256)
  same(hashes(again), hashes(delivery), 'hashes')
})

await behaves('a delivery whose manifest is missing is refused, and nothing of it is visible', () => {
  const bare = join(place, 'bare')
  cpSync(delivery, bare, { recursive: true })
  rmSync(join(bare, 'manifest.json'))
  const { status } = muniment(['ingest', '--application', 'pas', '--from', bare, '--json'])
  same(status, 1, 'exit')
  same(filesBelow(join(home, 'archive')).length, 0, 'objects')
})

let load
await behaves('ingest loads every row of every table', () => {
  const { status, stderr, json } = muniment(['ingest', '--application', 'pas', '--from', delivery, '--json'])
  same(status, 0, `exit (${stderr.slice(0, 2000)})`)
  const outcome = json()
  load = outcome.load
  const manifest = JSON.parse(readFileSync(join(delivery, 'manifest.json'), 'utf8'))
  for (const file of manifest.files) {
    const table = outcome.tables[file.table]
    holds(table, `no table ${file.table}`)
    same(table.read, file.rows, `rows read of ${file.table}`)
    same(table.written + table.refused, table.read, `rows written and refused of ${file.table}`)
  }
})

await behaves('a second run with the same input changes nothing', () => {
  const before = filesBelow(join(home, 'archive')).length
  const { status, json } = muniment(['ingest', '--application', 'pas', '--from', delivery, '--json'])
  same(status, 0, 'exit')
  same(json().load, load, 'load')
  same(filesBelow(join(home, 'archive')).length, before, 'objects')
})

await behaves('crawl finds the files as the model says', () => {
  const { status, json } = muniment(['crawl', '--application', 'pas', '--json'])
  same(status, 0, 'exit')
  same(json().findings, [], 'findings')
})

await behaves('templates check finds nothing, and the examples find what they say', () => {
  const { status, stdout, stderr, json } = muniment(['templates', 'check', 'pas', '--examples', '--json'])
  same(status, 0, `exit (${stdout.slice(0, 2000)} ${stderr.slice(0, 2000)})`)
  const [checked] = json().applications
  holds(checked.queries >= 20, `${checked.queries} queries`)
  holds(checked.useCases >= 16, `${checked.useCases} use cases`)
  holds(checked.prepared && checked.examplesRun >= checked.queries, 'examples were run')
})

await behaves('templates check names file, line and what was probably meant, and exits with 1', () => {
  const templates = join(place, 'templates')
  cpSync(join(root, 'query-templates', 'pas'), join(templates, 'pas'), { recursive: true })
  const [query] = readdirSync(join(templates, 'pas', 'queries'))
  const sql = join(templates, 'pas', 'queries', query, 'query.sql.njk')
  writeFileSync(sql, `${readFileSync(sql, 'utf8')}\n-- \n{{ policy_numbr }}\n`)
  const { status, json } = muniment(['templates', 'check', 'pas', '--json'], { MUNIMENT_TEMPLATES: templates })
  same(status, 1, 'exit')
  holds(
    json().findings.some(({ file, line }) => file.endsWith('query.sql.njk') && line > 0),
    'a finding names the file and line',
  )
})

await behaves('search prints JSON, CSV and a table', () => {
  const printed = muniment(['search', 'pas', 'find-policy', ...policy, '--format', 'json'])
  same(printed.status, 0, `exit (${printed.stderr.slice(0, 2000)})`)
  const { panels } = printed.json()
  holds(
    panels[0].rows.some((row) => row.policy_number === '100000025'),
    'the policy is among the rows',
  )
  const csv = muniment(['search', 'pas', 'find-policy', ...policy, '--format', 'csv'])
  holds(csv.status === 0 && csv.stdout.includes('100000025'), 'CSV')
  const table = muniment(['search', 'pas', 'find-policy', ...policy])
  holds(table.status === 0 && table.stdout.includes('100000025'), 'table')
})

await behaves('search refuses an input that is not there with a sentence, and exits with 2', () => {
  const { status, stderr } = muniment(['search', 'pas', 'find-policy', '--input', 'polcy_number=1'])
  same(status, 2, 'exit')
  holds(stderr.includes('polcy_number'), stderr)
})

await behaves('start serves, says where, and searches over HTTP; a command works beside it', async () => {
  const server = spawn(process.execPath, [join(root, 'bin', 'muniment.mjs'), 'start'], {
    env: { ...process.env, MUNIMENT_HOME: home, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const url = await ready(server)
    const health = await fetch(`${url}/api/health`)
    same(health.status, 200, 'health')
    same((await fetch(`${url}/api/me`)).status, 401, 'without a token')
    const given = muniment(['token', 'mira.kovacs'])
    same(given.status, 0, `exit of token (${given.stderr})`)
    const authorization = `Bearer ${given.stdout.trim()}`
    const found = await fetch(`${url}/api/searches`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', prefer: 'wait=20' },
      body: JSON.stringify({
        application: 'pas',
        useCase: 'find-policy',
        inputs: { policy_number: '100000025' },
        purpose: { reason: 'system-test', note: 'conformance' },
      }),
    })
    same(found.status, 200, 'search')
    const search = await found.json()
    const fragment = await fetch(`${url}/api/searches/${search.id}/panels/${search.panels[0].name}`, {
      headers: { authorization },
    })
    same(fragment.status, 200, 'fragment')
    holds((await fragment.text()).includes('100000025'), 'the fragment holds the policy')
    same(
      muniment(['ingest', '--application', 'pas', '--from', delivery, '--json']).status,
      0,
      'a command beside the server',
    )
  } finally {
    const ended = new Promise((resolve) => server.on('exit', resolve))
    server.kill('SIGTERM')
    same(await ended, 0, 'exit of the server')
  }
})

await behaves(
  'users are added, listed and removed; from the first one on nobody gets a token for scripts',
  async () => {
    const own = join(place, 'users')
    const env = { MUNIMENT_HOME: own }
    const add = (password) =>
      muniment(['users', 'add', 'ada', '--name', 'Ada Byron', '--groups', 'claims, approval'], env, `${password}\n`)
    const weak = add('short')
    same(weak.status, 2, 'exit for a short password')
    holds(weak.stderr.includes('12 or more'), weak.stderr)
    same(add('correct horse battery').status, 0, 'exit')
    const { users } = muniment(['users', 'list', '--json'], env).json()
    same(users, [{ id: 'ada', name: 'Ada Byron', groups: ['claims', 'approval'] }], 'users')
    const server = spawn(process.execPath, [join(root, 'bin', 'muniment.mjs'), 'start'], {
      env: { ...process.env, ...env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await ready(server)
      const refused = muniment(['token', 'mira.kovacs'], env)
      same(refused.status, 2, 'exit of token')
      holds(refused.stderr.includes('sample people'), refused.stderr)
    } finally {
      const ended = new Promise((resolve) => server.on('exit', resolve))
      server.kill('SIGTERM')
      await ended
    }
    same(muniment(['users', 'remove', 'ada'], env).status, 0, 'exit of remove')
    same(muniment(['users', 'list', '--json'], env).json().users, [], 'users')
  },
)

await behaves('start does not offer the sample people to other machines', () => {
  const origin = { MUNIMENT_ORIGIN: 'https://archive.example' }
  for (const env of [{ HOST: '0.0.0.0' }, { HOST: '0.0.0.0', ...origin }, origin]) {
    const { status, stderr } = muniment(['start', '--port', '0'], env)
    same(status, 2, `exit with ${JSON.stringify(env)}`)
    holds(/MUNIMENT_ORIGIN|sample people/.test(stderr), stderr)
  }
})

/** The address in the line that says the server is ready. */
function ready(server) {
  return new Promise((resolve, reject) => {
    let said = ''
    server.stdout.on('data', (chunk) => {
      said += chunk
      const address = /http:\/\/localhost:\d+/.exec(said)
      if (address) resolve(address[0])
    })
    server.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)))
  })
}

rmSync(place, { recursive: true, force: true })
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
