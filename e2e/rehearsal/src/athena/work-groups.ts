import type { WorkGroup, WorkGroupConfiguration, WorkGroupConfigurationUpdates } from '@aws-sdk/client-athena'
import { invalid } from './errors.ts'
import type { Settings } from './settings.ts'

export const engineVersion = { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' }

/** Finds a workgroup that was made elsewhere: by CloudFormation at another stand-in. */
export type LookElsewhere = (name: string) => Promise<WorkGroup | undefined>

export interface WorkGroups {
  find(name: string): Promise<WorkGroup>
  create(name: string, configuration: WorkGroupConfiguration, description?: string): Promise<void>
  update(name: string, changes: WorkGroupConfigurationUpdates, state?: string, description?: string): Promise<void>
  remove(name: string): Promise<void>
  list(): WorkGroup[]
}

export function createWorkGroups(settings: Settings, now: () => number, elsewhere?: LookElsewhere): WorkGroups {
  const groups = new Map<string, WorkGroup>()
  const groupOf = (name: string, configuration: WorkGroupConfiguration, description = ''): WorkGroup => ({
    Name: name,
    State: 'ENABLED',
    Description: description,
    CreationTime: new Date(now()),
    Configuration: {
      EnforceWorkGroupConfiguration: true,
      PublishCloudWatchMetricsEnabled: true,
      RequesterPaysEnabled: false,
      ResultConfiguration: {},
      ...configuration,
      EngineVersion: engineVersion,
    },
  })
  groups.set('primary', groupOf('primary', { EnforceWorkGroupConfiguration: false }))

  const checkCutoff = (bytes: number | undefined) => {
    if (bytes === undefined || bytes >= settings.minimumCutoffBytes) return
    throw invalid(`BytesScannedCutoffPerQuery must be at least ${settings.minimumCutoffBytes}`)
  }

  const find = async (name: string): Promise<WorkGroup> => {
    const found = groups.get(name) ?? (await elsewhere?.(name))
    if (!found) throw invalid(`WorkGroup ${name} is not found.`)
    return found
  }

  return {
    find,
    list: () => [...groups.values()],
    async create(name, configuration, description) {
      if (!/^[a-zA-Z0-9._-]{1,128}$/.test(name)) throw invalid(`WorkGroup name ${name} is not valid`)
      if (groups.has(name)) throw invalid(`WorkGroup ${name} is already created`)
      checkCutoff(configuration.BytesScannedCutoffPerQuery)
      groups.set(name, groupOf(name, configuration, description))
    },
    async update(name, changes, state, description) {
      const group = await find(name)
      checkCutoff(changes.BytesScannedCutoffPerQuery)
      const { RemoveBytesScannedCutoffPerQuery: uncut, ResultConfigurationUpdates: results, ...plain } = changes
      const configuration: WorkGroupConfiguration = {
        ...group.Configuration,
        ...(plain as WorkGroupConfiguration),
        EngineVersion: engineVersion,
      }
      if (uncut) delete configuration.BytesScannedCutoffPerQuery
      if (results) {
        const kept = results.RemoveOutputLocation ? {} : { ...group.Configuration?.ResultConfiguration }
        configuration.ResultConfiguration = {
          ...kept,
          ...(results.OutputLocation === undefined ? {} : { OutputLocation: results.OutputLocation }),
        }
      }
      groups.set(name, {
        ...group,
        Configuration: configuration,
        ...(state === 'ENABLED' || state === 'DISABLED' ? { State: state } : {}),
        ...(description === undefined ? {} : { Description: description }),
      })
    },
    async remove(name) {
      if (name === 'primary') throw invalid('primary WorkGroup could not be deleted')
      await find(name)
      groups.delete(name)
    },
  }
}
