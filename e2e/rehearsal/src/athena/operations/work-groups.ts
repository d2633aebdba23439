import type { CreatePreparedStatementInput, CreateWorkGroupInput, UpdateWorkGroupInput } from '@aws-sdk/client-athena'
import { invalid } from '../errors.ts'
import type { Prepared, PreparedStatements } from '../prepared-statements.ts'
import { engineVersion, type WorkGroups } from '../work-groups.ts'
import { type Paging, pageOf } from './paging.ts'

interface Named {
  readonly WorkGroup?: string
  readonly StatementName?: string
}

export function workGroupOperations(workGroups: WorkGroups) {
  return {
    async CreateWorkGroup({ Name: name = '', Configuration: configuration = {}, Description }: CreateWorkGroupInput) {
      await workGroups.create(name, configuration, Description)
      return {}
    },
    GetWorkGroup: async ({ WorkGroup: name = '' }: Named) => ({ WorkGroup: await workGroups.find(name) }),
    async UpdateWorkGroup({
      WorkGroup: name = '',
      ConfigurationUpdates = {},
      State,
      Description,
    }: UpdateWorkGroupInput) {
      await workGroups.update(name, ConfigurationUpdates, State, Description)
      return {}
    },
    async DeleteWorkGroup({ WorkGroup: name = '' }: Named) {
      await workGroups.remove(name)
      return {}
    },
    async ListWorkGroups(paging: Paging) {
      const { items, next } = pageOf(workGroups.list(), paging, 50)
      const summaries = items.map(({ Name, State, Description, CreationTime }) => ({
        Name,
        State,
        Description,
        CreationTime,
        EngineVersion: engineVersion,
      }))
      return { WorkGroups: summaries, ...next }
    },
    ListEngineVersions: async () => ({ EngineVersions: [engineVersion] }),
  }
}

export function preparedStatementOperations(prepared: PreparedStatements) {
  const describe = (group: string, { name, sql, description, modified }: Prepared) => ({
    StatementName: name,
    QueryStatement: sql,
    WorkGroupName: group,
    LastModifiedTime: modified,
    ...(description === undefined ? {} : { Description: description }),
  })
  const checked = ({
    StatementName: name,
    WorkGroup: group,
    QueryStatement: sql,
    Description,
  }: CreatePreparedStatementInput) => {
    if (!name || !group || !sql) throw invalid('StatementName, WorkGroup and QueryStatement must be given')
    return [group, name, sql, Description] as const
  }
  return {
    async CreatePreparedStatement(input: CreatePreparedStatementInput) {
      prepared.create(...checked(input))
      return {}
    },
    async UpdatePreparedStatement(input: CreatePreparedStatementInput) {
      const [group, name, sql, description] = checked(input)
      prepared.find(group, name)
      prepared.put(group, name, sql, description)
      return {}
    },
    GetPreparedStatement: async ({ StatementName: name = '', WorkGroup: group = '' }: Named) => ({
      PreparedStatement: describe(group, prepared.find(group, name)),
    }),
    async ListPreparedStatements({ WorkGroup: group = '', ...paging }: Named & Paging) {
      const { items, next } = pageOf(prepared.list(group), paging, 50)
      const summaries = items.map(({ name, modified }) => ({ StatementName: name, LastModifiedTime: modified }))
      return { PreparedStatements: summaries, ...next }
    },
    async DeletePreparedStatement({ StatementName: name = '', WorkGroup: group = '' }: Named) {
      prepared.remove(group, name)
      return {}
    },
  }
}
