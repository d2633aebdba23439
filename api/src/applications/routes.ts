import { createRoute, z } from '@hono/zod-openapi'
import type { Rights } from '@muniment/archive/access/port'
import { ApplicationSummary, ModelDescription, UseCaseDescription } from '../contract.ts'
import { noticeOfApplication } from '../shared/incomplete.ts'
import { logFault, newIncident } from '../shared/problem.ts'
import { enter, viewThrough } from '../shared/record-rights.ts'
import { createRouter, json, problems } from '../shared/router.ts'
import type { Services } from '../shared/services.ts'
import { templatesOf } from '../shared/templates.ts'
import { describeModel } from './model.ts'
import { isRounded, rowsSeen } from './rows-seen.ts'
import { describeUseCases } from './use-cases.ts'

const application = z.object({
  application: z.string().max(100).openapi({ description: 'Name of the application.', example: 'pas' }),
})

const list = createRoute({
  method: 'get',
  path: '/api/applications',
  tags: ['Applications'],
  summary: 'Retired systems one may search',
  responses: { 200: json(z.array(ApplicationSummary), 'The applications.'), ...problems(401, 500) },
})

const useCases = createRoute({
  method: 'get',
  path: '/api/applications/{application}/use-cases',
  tags: ['Applications'],
  summary: 'What one can search for',
  request: { params: application },
  responses: {
    200: json(z.array(UseCaseDescription), 'Use cases with parameters, options and examples.'),
    ...problems(400, 401, 404, 500),
  },
})

const model = createRoute({
  method: 'get',
  path: '/api/applications/{application}/model',
  tags: ['Applications'],
  summary: 'What a retired system held',
  request: { params: application },
  responses: {
    200: json(ModelDescription, 'Tables and columns, described, with what is in the archive of them.'),
    ...problems(400, 401, 404, 500),
  },
})

export function applicationRoutes(services: Services) {
  const { templates, catalog, log } = services

  async function summaryOf(rights: Rights, name: string): Promise<ApplicationSummary> {
    try {
      const found = await templates.get(name)
      const { application, useCases, problem } = found
      const view = rights.view(application)
      const mine = [...useCases.values()].filter((useCase) => viewThrough(rights, found, useCase))
      const snapshot = await catalog.read(name)
      const { title, description, retired, domains } = application
      const notice = snapshot && noticeOfApplication(application, snapshot)
      const said = [problem, notice].filter((sentence) => sentence !== undefined).join(' ')
      return {
        name,
        title,
        description,
        ...(retired && { retired }),
        domains: domains.filter((domain) => view?.domains.includes(domain.name)),
        useCases: mine.length,
        rows: (view && snapshot && rowsSeen(view, snapshot)) ?? 0,
        ...(view && isRounded(view) && { rounded: true }),
        ...(said && { problem: said }),
      }
    } catch (error) {
      // The others can still be searched.
      logFault(log, newIncident(), error, { application: name })
      const problem = 'Its templates have a fault, so it cannot be searched now. Whoever writes them can mend it.'
      return { name, title: name, description: '', domains: [], useCases: 0, rows: 0, problem }
    }
  }

  return createRouter()
    .openapi(list, async (c) => {
      const rights = c.get('rights')
      const names = (await templates.list()).filter((name) => rights.mayEnter(name))
      return c.json(await Promise.all(names.map((name) => summaryOf(rights, name))), 200)
    })
    .openapi(useCases, async (c) => {
      const rights = c.get('rights')
      const found = await enter(templates, rights, c.req.valid('param').application)
      return c.json(describeUseCases(found, rights), 200)
    })
    .openapi(model, async (c) => {
      const rights = c.get('rights')
      const { application } = c.req.valid('param')
      // What a system held is for those, too, who look after models and loads and see no record.
      const looksAfter = rights.has('publish-templates') || rights.has('load')
      const found = await (looksAfter ? templatesOf(templates, application) : enter(templates, rights, application))
      return c.json(describeModel(found, await catalog.read(application), rights), 200)
    })
}
