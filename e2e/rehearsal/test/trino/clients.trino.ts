import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { installClients } from '../../src/install/clients.ts'
import { tool } from '../../src/install/tool.ts'

let python = ''
beforeAll(async () => {
  python = await installClients()
})

const home = mkdtempSync(join(tmpdir(), 'athena-clients-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const bucket = inject('bucket')
const output = `s3://${bucket}/results/`

/** Runs a program that prints JSON as its last line. */
async function printed(program: string): Promise<unknown> {
  const text = await tool(python, ['-W', 'ignore', '-c', program], { ...inject('environment'), HOME: home })
  return JSON.parse(text.trim().split('\n').at(-1) ?? '')
}

const connect = `
import json
from pyathena import connect
from pyathena.pandas.cursor import PandasCursor
connection = connect(s3_staging_dir='${output}', schema_name='pas', poll_interval=0.2)
`

describe('PyAthena', () => {
  it('reads rows with types of Python', async () => {
    const rows = await printed(`${connect}
cursor = connection.cursor()
cursor.execute("SELECT 1 AS i, DECIMAL '1.50' AS d, DATE '2024-02-29' AS t, CAST(NULL AS varchar) AS n, true AS b, ARRAY[1,2] AS a, 1e0 AS f")
print(json.dumps([repr(value) for value in cursor.fetchone()]))`)
    expect(rows).toEqual(['1', "Decimal('1.50')", 'datetime.date(2024, 2, 29)', 'None', 'True', '[1, 2]', '1.0'])
  })

  it('binds parameters and reads a DataFrame from the result object', async () => {
    const frame = await printed(`${connect}
cursor = connection.cursor(PandasCursor)
frame = cursor.execute('SELECT policy_number, begins_on FROM policies WHERE policy_number = ? OR policy_number < ? ORDER BY 1',
                       ["'100000157'", "'100000100'"], paramstyle='qmark').as_pandas()
print(json.dumps([list(frame.columns), str(frame['begins_on'].dtype).startswith('datetime64'), frame['policy_number'].tolist()[-1]]))`)
    expect(frame).toEqual([['policy_number', 'begins_on'], true, '100000157'])
  })

  it('learns why a query failed', async () => {
    const message = await printed(`${connect}
from pyathena.error import OperationalError
try:
    connection.cursor().execute('SELECT * FROM nowhere')
except OperationalError as error:
    print(json.dumps(str(error)))`)
    expect(message).toContain('TABLE_NOT_FOUND')
  })
})

describe('AWS SDK for pandas', () => {
  it.each(['ctas_approach=False', 'ctas_approach=True', 'ctas_approach=False, unload_approach=True'])(
    'reads with %s',
    async (how) => {
      const place =
        how === 'ctas_approach=False' ? '' : `, s3_output='s3://${bucket}/wrangler/${how.replace(/\W/g, '')}/'`
      const frame = await printed(`
import json, awswrangler as wr
frame = wr.athena.read_sql_query('SELECT policy_number, begins_on FROM policies ORDER BY policy_number LIMIT 3', database='pas',
    ${how}, workgroup='primary'${place || `, s3_output='${output}'`})
print(json.dumps([frame.shape, list(frame.columns), sorted(frame['policy_number'].tolist()) == frame['policy_number'].tolist()]))`)
      expect(frame).toEqual([[3, 2], ['policy_number', 'begins_on'], true])
    },
  )

  it('lists and describes tables', async () => {
    const found = await printed(`
import json, awswrangler as wr
described = wr.athena.describe_table(table='commissions', database='pas', s3_output='${output}')
print(json.dumps(described['Column Name'].tolist()))`)
    expect(found).toContain('settlement_year')
  })
})
