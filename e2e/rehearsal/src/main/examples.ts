import type { LoadedSample } from '../sample/load-sample.ts'
import type { StandIns } from '../stand-ins.ts'

/** What to type to reach the stand-ins with clients that are not ours. */
export function examples(
  { aws, athena, trino, folder, environment }: StandIns,
  { bucket, database }: LoadedSample,
): string {
  const settings = Object.entries(environment).map(([name, value]) => `export ${name}=${value}`)
  const output = `s3://${bucket}/results/`
  const select = 'SELECT policy_number, status, begins_on, "$path" FROM policies WHERE policy_number = ?'
  return `S3, Glue and the others  ${aws}
Athena                   ${athena}
Trino                    ${trino}
Logs and configuration   ${folder}
Database                 ${database}, results below ${output}

Any AWS SDK takes these:

${settings.join('\n')}

The AWS command line:

aws athena start-query-execution --query-string '${select}' \\
  --execution-parameters "'100000157'" --query-execution-context Database=${database} \\
  --result-configuration OutputLocation=${output}
aws athena get-query-results --query-execution-id ID

Python (pip install "PyAthena[Pandas]"):

from pyathena import connect
from pyathena.pandas.cursor import PandasCursor
cursor = connect(s3_staging_dir='${output}', schema_name='${database}', cursor_class=PandasCursor).cursor()
print(cursor.execute('${select}',
                     ["'100000157'"], paramstyle='qmark').as_pandas())

TypeScript:

const athena = new AthenaClient({})
await athena.send(new StartQueryExecutionCommand({
  QueryString: '${select}',
  ExecutionParameters: ["'100000157'"],
  QueryExecutionContext: { Database: '${database}' },
  ResultConfiguration: { OutputLocation: '${output}' },
}))

docs/athena-stand-in.md says how to provoke throttling and failures. Ctrl-C ends everything.`
}
