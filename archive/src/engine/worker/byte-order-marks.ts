import { textDecoder } from '@duckdb/node-api/lib/vectors/dataAccessors.js'

/** DuckDB's driver drops a byte order mark that a text begins with; in a record it is a character as others are. */
const keeping = new TextDecoder('utf-8', { ignoreBOM: true })
textDecoder.decode = keeping.decode.bind(keeping)
