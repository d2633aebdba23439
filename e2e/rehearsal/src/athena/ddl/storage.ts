import type { Column, StorageDescriptor } from '@aws-sdk/client-glue'
import { refused } from '../failures.ts'
import type { CreateTable, HiveColumn } from './statement.ts'

interface Format {
  readonly input: string
  readonly output: string
  readonly serde: string
}

const hive = 'org.apache.hadoop.hive'
const text = {
  input: 'org.apache.hadoop.mapred.TextInputFormat',
  output: `${hive}.ql.io.HiveIgnoreKeyTextOutputFormat`,
}
const formats: Record<string, Format> = {
  TEXTFILE: { ...text, serde: `${hive}.serde2.lazy.LazySimpleSerDe` },
  JSON: { ...text, serde: 'org.openx.data.jsonserde.JsonSerDe' },
  PARQUET: {
    input: `${hive}.ql.io.parquet.MapredParquetInputFormat`,
    output: `${hive}.ql.io.parquet.MapredParquetOutputFormat`,
    serde: `${hive}.ql.io.parquet.serde.ParquetHiveSerDe`,
  },
  ORC: {
    input: `${hive}.ql.io.orc.OrcInputFormat`,
    output: `${hive}.ql.io.orc.OrcOutputFormat`,
    serde: `${hive}.ql.io.orc.OrcSerde`,
  },
  AVRO: {
    input: `${hive}.ql.io.avro.AvroContainerInputFormat`,
    output: `${hive}.ql.io.avro.AvroContainerOutputFormat`,
    serde: `${hive}.serde2.avro.AvroSerDe`,
  },
}

/** Where and how a table's objects lie, in Glue's words. */
export function storageOf(table: CreateTable): StorageDescriptor {
  const [input, output] = table.storedAs.split(' ')
  const named = formats[table.storedAs]
  const custom = output
    ? { input: input ?? '', output, serde: table.serde ?? formats.TEXTFILE?.serde ?? '' }
    : undefined
  const format = custom ?? named
  if (!format)
    throw refused(`FAILED: SemanticException Unrecognized file format in STORED AS clause: '${table.storedAs}'`, 1003)
  return {
    Columns: table.columns.map(glueColumn),
    Location: table.location,
    InputFormat: format.input,
    OutputFormat: format.output,
    SerdeInfo: {
      SerializationLibrary: table.serde ?? format.serde,
      Parameters: {
        'serialization.format': table.fieldsTerminatedBy ?? '1',
        ...(table.fieldsTerminatedBy === undefined ? {} : { 'field.delim': table.fieldsTerminatedBy }),
        ...table.serdeProperties,
      },
    },
  }
}

export const glueColumn = ({ name, type, comment }: HiveColumn): Column => ({
  Name: name,
  Type: type === 'integer' ? 'int' : type,
  ...(comment === undefined ? {} : { Comment: comment }),
})
