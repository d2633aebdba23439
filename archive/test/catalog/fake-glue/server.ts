import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An answer that is an error, by the name that the SDK's class has. */
class Refusal extends Error {
  readonly code: string
  constructor(code: string, message = code) {
    super(message)
    this.code = code
  }
}

interface Column {
  Name: string
  Type: string
}
interface Storage {
  Location?: string
  Columns?: Column[]
}
interface FakeTable {
  Name: string
  StorageDescriptor: Storage
  PartitionKeys?: Column[]
  VersionId: string
  partitions: Map<string, { Values: string[]; StorageDescriptor: Storage }>
}
type Outcome = { Status: 'SUCCEEDED' | 'FAILED' | 'CANCELLED'; ErrorMessage?: string }
interface FakeCrawler {
  /** Looks until its run ends. */
  left: number
  runs: number
  /** What becomes of its runs, in turn; the last for all that follow. */
  outcomes: Outcome[]
  LastCrawl?: Outcome & { StartTime: number; MessagePrefix: string }
}
interface Input {
  DatabaseName?: string
  TableName?: string
  Name?: string
  NextToken?: string
  MaxResults?: number
  ExcludeColumnSchema?: boolean
  DatabaseInput?: { Name: string }
  TableInput?: Omit<FakeTable, 'partitions' | 'VersionId'>
  PartitionInputList?: { Values: string[]; StorageDescriptor: Storage }[]
  PartitionsToDelete?: { Values: string[] }[]
  Entries?: { PartitionValueList: string[]; PartitionInput: { Values: string[]; StorageDescriptor: Storage } }[]
}

interface FakeGlueOptions {
  /** Tables, and partitions, of a page at most. */
  pageSize?: number
  /** Looks that a crawler takes. */
  looks?: number
  /** What Glue does while a crawler runs. */
  onCrawl?: (crawler: string) => Promise<void>
}

/** A Glue on loopback: databases, tables, partitions and crawlers, by AWS's JSON 1.1 protocol. */
export async function startFakeGlue({ pageSize = 100, looks = 2, onCrawl = async () => {} }: FakeGlueOptions = {}) {
  const databases = new Map<string, Map<string, FakeTable>>()
  const crawlers = new Map<string, FakeCrawler>()
  const faults: { operation: string; code: string; times: number }[] = []
  const calls: string[] = []
  let running = 0
  let most = 0

  const tablesOf = (name = '') => {
    const tables = databases.get(name)
    if (!tables) throw new Refusal('EntityNotFoundException')
    return tables
  }
  const tableOf = ({ DatabaseName, TableName = '' }: Input) => {
    const table = tablesOf(DatabaseName).get(TableName)
    if (!table) throw new Refusal('EntityNotFoundException')
    return table
  }
  const crawlerOf = ({ Name = '' }: Input) => {
    const crawler = crawlers.get(Name)
    if (!crawler) throw new Refusal('EntityNotFoundException')
    return crawler
  }
  function page<T>(items: T[], { NextToken, MaxResults = pageSize }: Input): { some: T[]; NextToken?: string } {
    const from = Number(NextToken ?? 0)
    const until = from + Math.min(MaxResults, pageSize)
    return { some: items.slice(from, until), ...(until < items.length && { NextToken: String(until) }) }
  }

  async function look(name: string, crawler: FakeCrawler) {
    if (crawler.left > 0 && --crawler.left === 0) {
      const outcome = crawler.outcomes[Math.min(crawler.runs, crawler.outcomes.length - 1)] ?? { Status: 'SUCCEEDED' }
      if (outcome.Status === 'SUCCEEDED') await onCrawl(name)
      running--
      crawler.runs++
      crawler.LastCrawl = { ...outcome, StartTime: 1_700_000_000 + crawler.runs, MessagePrefix: `run-${crawler.runs}` }
    }
    const State = crawler.left === 0 ? 'READY' : crawler.left === 1 ? 'STOPPING' : 'RUNNING'
    return { Crawler: { Name: name, State, ...(crawler.LastCrawl && { LastCrawl: crawler.LastCrawl }) } }
  }

  const operations: Record<string, (input: Input) => object | Promise<object>> = {
    CreateDatabase({ DatabaseInput = { Name: '' } }) {
      if (databases.has(DatabaseInput.Name)) throw new Refusal('AlreadyExistsException')
      databases.set(DatabaseInput.Name, new Map())
      return {}
    },
    CreateTable({ DatabaseName, TableInput }) {
      if (!TableInput || tablesOf(DatabaseName).has(TableInput.Name)) throw new Refusal('AlreadyExistsException')
      tablesOf(DatabaseName).set(TableInput.Name, { ...TableInput, VersionId: '0', partitions: new Map() })
      return {}
    },
    UpdateTable({ DatabaseName, TableInput }) {
      const before = tableOf({ DatabaseName: DatabaseName ?? '', TableName: TableInput?.Name ?? '' })
      const VersionId = String(Number(before.VersionId) + 1)
      Object.assign(before, TableInput, { VersionId })
      return {}
    },
    GetTables(input) {
      const { some, ...more } = page([...tablesOf(input.DatabaseName).values()], input)
      return { TableList: some.map(({ partitions, ...table }) => table), ...more }
    },
    GetPartitions(input) {
      const { some, ...more } = page([...tableOf(input).partitions.values()], input)
      const bare = ({ Columns, ...storage }: Storage) => (input.ExcludeColumnSchema ? storage : { Columns, ...storage })
      return {
        Partitions: some.map(({ Values, StorageDescriptor }) => ({
          Values,
          StorageDescriptor: bare(StorageDescriptor),
        })),
        ...more,
      }
    },
    BatchCreatePartition(input) {
      const { PartitionInputList = [] } = input
      if (PartitionInputList.length > 100) throw new Refusal('InvalidInputException')
      const { partitions } = tableOf(input)
      const Errors = PartitionInputList.flatMap(({ Values, StorageDescriptor }) => {
        const there = partitions.has(Values.join('/'))
        if (!there) partitions.set(Values.join('/'), { Values, StorageDescriptor })
        return there ? [{ PartitionValues: Values, ErrorDetail: { ErrorCode: 'AlreadyExistsException' } }] : []
      })
      return { Errors }
    },
    BatchUpdatePartition(input) {
      const { Entries = [] } = input
      if (Entries.length > 100) throw new Refusal('InvalidInputException')
      for (const { PartitionValueList, PartitionInput } of Entries)
        tableOf(input).partitions.set(PartitionValueList.join('/'), PartitionInput)
      return { Errors: [] }
    },
    BatchDeletePartition(input) {
      const { PartitionsToDelete = [] } = input
      if (PartitionsToDelete.length > 25) throw new Refusal('InvalidInputException')
      const { partitions } = tableOf(input)
      return {
        Errors: PartitionsToDelete.flatMap(({ Values }) =>
          partitions.delete(Values.join('/'))
            ? []
            : [{ PartitionValues: Values, ErrorDetail: { ErrorCode: 'EntityNotFoundException' } }],
        ),
      }
    },
    GetCrawler: (input) => look(input.Name ?? '', crawlerOf(input)),
    StartCrawler(input) {
      const crawler = crawlerOf(input)
      if (crawler.left > 0) throw new Refusal('CrawlerRunningException')
      crawler.left = looks
      running++
      most = Math.max(most, running)
      return {}
    },
  }

  async function answer(request: IncomingMessage): Promise<object> {
    const operation = String(request.headers['x-amz-target']).replace('AWSGlue.', '')
    calls.push(operation)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const fault = faults.find(({ operation: of, times }) => of === operation && times > 0)
    if (fault) {
      fault.times--
      throw new Refusal(fault.code)
    }
    const act = operations[operation]
    if (!act) throw new Refusal('UnknownOperationException')
    return act(JSON.parse(Buffer.concat(chunks).toString() || '{}') as Input)
  }

  const server = createServer((request, response) => {
    const send = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
      response.end(JSON.stringify(body))
    }
    answer(request).then(
      (body) => send(200, body),
      (error: unknown) => send(400, { __type: error instanceof Refusal ? error.code : 'InternalServiceException' }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    databases,
    calls,
    /** Crawlers at work at one time at most. */
    mostRunning: () => most,
    addCrawler(name: string, outcomes: Outcome[] = [{ Status: 'SUCCEEDED' }], left = 0) {
      if (left > 0) running++
      crawlers.set(name, { left, runs: 0, outcomes })
    },
    runsOf: (name: string) => crawlers.get(name)?.runs ?? 0,
    fail: (operation: string, code: string, times = 1) => faults.push({ operation, code, times }),
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

export type FakeGlue = Awaited<ReturnType<typeof startFakeGlue>>
