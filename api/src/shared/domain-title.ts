import type { Application } from '@muniment/archive/model/types'

export const domainTitle = (model: Pick<Application, 'domains'>, domain: string) =>
  model.domains.find(({ name }) => name === domain)?.title ?? domain
