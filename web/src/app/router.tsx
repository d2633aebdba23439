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

/** Of which application; absent, the first that has schedules. */
const ofApplication = (search: Record<string, unknown>): { application?: string } =>
  typeof search.application === 'string' ? { application: search.application } : {}

const due = createRoute({
  getParentRoute: () => root,
  path: '/retention',
  validateSearch: ofApplication,
  component: lazyRouteComponent(() => import('../features/retention/DuePage.tsx'), 'DuePage'),
})

const runs = createRoute({
  getParentRoute: () => root,
  path: '/retention/runs',
  validateSearch: ofApplication,
  component: lazyRouteComponent(() => import('../features/retention/RunsPage.tsx'), 'RunsPage'),
})

const run = createRoute({
  getParentRoute: () => root,
  path: '/retention/runs/$run',
  component: lazyRouteComponent(() => import('../features/retention/RunPage.tsx'), 'RunPage'),
})

const certificate = createRoute({
  getParentRoute: () => root,
  path: '/retention/runs/$run/certificate',
  component: lazyRouteComponent(() => import('../features/retention/CertificatePage.tsx'), 'CertificatePage'),
})

const schedules = createRoute({
  getParentRoute: () => root,
  path: '/retention/schedules',
  validateSearch: ofApplication,
  component: lazyRouteComponent(() => import('../features/retention/SchedulesPage.tsx'), 'SchedulesPage'),
})

const holds = createRoute({
  getParentRoute: () => root,
  path: '/retention/holds',
  validateSearch: ofApplication,
  component: lazyRouteComponent(() => import('../features/holds/HoldsPage.tsx'), 'HoldsPage'),
})

const placeHold = createRoute({
  getParentRoute: () => root,
  path: '/retention/holds/new',
  validateSearch: ofApplication,
  component: lazyRouteComponent(() => import('../features/holds/PlaceHoldPage.tsx'), 'PlaceHoldPage'),
})

const hold = createRoute({
  getParentRoute: () => root,
  path: '/retention/holds/$hold',
  component: lazyRouteComponent(() => import('../features/holds/HoldPage.tsx'), 'HoldPage'),
})

const routeTree = root.addChildren([
  ...[start, useCase, searches, results, print, models, model, settings, audit, access],
  ...[due, runs, run, certificate, schedules, holds, placeHold, hold],
])

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
