import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { applicationsOptions } from '../api/applications.ts'
import { StartPage } from '../features/start/StartPage.tsx'
import { CrashPage } from './CrashPage.tsx'
import { Frame } from './Frame.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'

const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Frame })

const start = createRoute({ getParentRoute: () => root, path: '/', component: StartPage })

const useCase = createRoute({
  getParentRoute: () => root,
  path: '/applications/$application/use-cases/$useCase',
  /** The search whose inputs the form begins with: an id, never the inputs. */
  validateSearch: (search: Record<string, unknown>): { from?: string } =>
    typeof search.from === 'string' ? { from: search.from } : {},
  component: lazyRouteComponent(() => import('../features/form/FormPage.tsx'), 'FormPage'),
})

const searches = createRoute({
  getParentRoute: () => root,
  path: '/searches',
  component: lazyRouteComponent(() => import('../features/history/HistoryPage.tsx'), 'HistoryPage'),
})

const results = createRoute({
  getParentRoute: () => root,
  path: '/searches/$search',
  component: lazyRouteComponent(() => import('../features/results/ResultsPage.tsx'), 'ResultsPage'),
})

const print = createRoute({
  getParentRoute: () => root,
  path: '/searches/$search/print',
  component: lazyRouteComponent(() => import('../features/print/PrintPage.tsx'), 'PrintPage'),
})

const models = createRoute({
  getParentRoute: () => root,
  path: '/model',
  beforeLoad: async ({ context }) => {
    const all = await context.client.ensureQueryData(applicationsOptions)
    const first = all.find((one) => one.rows > 0) ?? all[0]
    if (first) redirect({ to: '/applications/$application/model', params: { application: first.name }, throw: true })
  },
  component: StartPage,
})

const model = createRoute({
  getParentRoute: () => root,
  path: '/applications/$application/model',
  component: lazyRouteComponent(() => import('../features/model/ModelPage.tsx'), 'ModelPage'),
})

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('../features/settings/SettingsPage.tsx'), 'SettingsPage'),
})

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  component: lazyRouteComponent(() => import('../features/audit/AuditPage.tsx'), 'AuditPage'),
})

const access = createRoute({
  getParentRoute: () => root,
  path: '/access',
  component: lazyRouteComponent(() => import('../features/access/AccessPage.tsx'), 'AccessPage'),
})

const routeTree = root.addChildren([start, useCase, searches, results, print, models, model, settings, audit, access])

export const createAppRouter = (client: QueryClient) =>
  createRouter({
    routeTree,
    context: { client },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultNotFoundComponent: NotFoundPage,
    defaultErrorComponent: CrashPage,
    // The old page stays until the new one is there: no blank in between.
    defaultPendingMs: 10_000,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
  interface HistoryState {
    openSingle?: boolean
    /** On a form: the search that was last begun there. Its id, never what was typed. */
    begun?: string
  }
}
