import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { owner } from './ministack.ts'

/** Athena's own catalog, over Glue. */
export const glueCatalog = 'awsdatacatalog'
/** What UNLOAD needs a table for: a catalog in the run folder, so that none of it shows in Glue. */
export const scratchCatalog = 'scratch'
export const scratchSchema = 'unload'

/** Writes the configuration of a single node below `folder`, which becomes its working folder; `home` has its programs. */
export function writeTrinoConfig(folder: string, home: string, port: number, awsEndpoint: string): void {
  const s3 = [
    'connector.name=hive',
    'fs.native-s3.enabled=true',
    `s3.endpoint=${awsEndpoint}`,
    's3.path-style-access=true',
    `s3.region=${owner.region}`,
    `s3.aws-access-key=${owner.accessKeyId}`,
    `s3.aws-secret-key=${owner.secretAccessKey}`,
    'hive.non-managed-table-writes-enabled=true',
    'hive.parquet.time-zone=UTC',
  ]
  const files: Record<string, string[]> = {
    'etc/node.properties': [
      'node.environment=rehearsal',
      'node.id=rehearsal',
      `node.data-dir=${join(folder, 'data')}`,
      'node.internal-address=127.0.0.1',
      'node.bind-ip=127.0.0.1',
    ],
    'etc/config.properties': [
      'coordinator=true',
      'node-scheduler.include-coordinator=true',
      `http-server.http.port=${port}`,
      `discovery.uri=http://127.0.0.1:${port}`,
      'catalog.management=static',
      'query.max-memory=1GB',
      'query.max-memory-per-node=1GB',
      'query.min-expire-age=30s',
      'query.max-history=200',
    ],
    'etc/jvm.config': [
      '-server',
      '-Xmx2G',
      '-XX:+UseG1GC',
      // Short queries over small data: compiling to the end costs more than it brings.
      '-XX:TieredStopAtLevel=1',
      '-XX:+ExitOnOutOfMemoryError',
      '-Djdk.attach.allowAttachSelf=true',
      '-Dfile.encoding=UTF-8',
      '-Duser.timezone=UTC',
      '--enable-native-access=ALL-UNNAMED',
    ],
    'etc/log.properties': ['io.trino=WARN', 'io.airlift=WARN'],
    [`etc/catalog/${glueCatalog}.properties`]: [
      ...s3,
      'hive.metastore=glue',
      `hive.metastore.glue.endpoint-url=${awsEndpoint}`,
      `hive.metastore.glue.region=${owner.region}`,
      `hive.metastore.glue.aws-access-key=${owner.accessKeyId}`,
      `hive.metastore.glue.aws-secret-key=${owner.secretAccessKey}`,
    ],
    [`etc/catalog/${scratchCatalog}.properties`]: [
      ...s3,
      'fs.native-local.enabled=true',
      `local.location=${join(folder, 'scratch')}`,
      'hive.metastore=file',
      'hive.metastore.catalog.dir=local:///metastore',
      'hive.metastore.disable-location-checks=true',
    ],
  }
  mkdirSync(join(folder, 'scratch', 'metastore'), { recursive: true })
  for (const name of ['plugin', 'secrets-plugin']) symlinkSync(join(home, name), join(folder, name))
  for (const [name, lines] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
  }
}
