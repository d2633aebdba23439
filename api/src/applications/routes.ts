import { createRoute, z } from '@hono/zod-openapi'
import { ApplicationSummary, ModelDescription, UseCaseDescription } from '../contract.ts'
import { noticeOfApplication } from '../shared/incomplete.ts'
import { logFault, newIncident } from '../shared/problem.ts'
import { createRouter, json, problems } from '../shared/router.ts'
import type { Services } from '../shared/services.ts'
import { templatesOf } from '../shared/templates.ts'
import { describeModel } from './model.ts'
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

  async function summaryOf(name: string): Promise<ApplicationSummary> {
    try {
      const { application, useCases, problem } = await templates.get(name)
      const snapshot = await catalog.read(name)
      const { title, description, retired, domains } = application
      const notice = snapshot && noticeOfApplication(application, snapshot)
      const said = [problem, notice].filter((sentence) => sentence !== undefined).join(' ')
      return {
        name,
        title,
        description,
        ...(retired && { retired }),
        domains,
        useCases: useCases.size,
        rows: snapshot?.tables.reduce((sum, table) => sum + table.rows, 0) ?? 0,
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
    .openapi(list, async (c) => c.json(await Promise.all((await templates.list()).map(summaryOf)), 200))
    .openapi(useCases, async (c) =>
      c.json(describeUseCases(await templatesOf(templates, c.req.valid('param').application)), 200),
    )
    .openapi(model, async (c) => {
      const { application } = c.req.valid('param')
      return c.json(describeModel(await templatesOf(templates, application), await catalog.read(application)), 200)
    })
}
