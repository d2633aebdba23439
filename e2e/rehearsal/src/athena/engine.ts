import type { TrinoOutcome, TrinoRequest } from '../trino/client.ts'

/** What runs SQL: Trino, or a stand-in of it in tests. Throws TrinoError. */
export type Engine = (request: TrinoRequest) => Promise<TrinoOutcome>
