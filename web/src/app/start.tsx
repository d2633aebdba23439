import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiError } from '../api/http.ts'
import { SignInPage } from '../features/sign-in/SignInPage.tsx'
import { type Begun, onForget } from '../lib/session/session.ts'
import { createAppRouter } from './router.tsx'

/** Shows the application, or what there is to see without being signed in. */
export function start(element: HTMLElement, begun: Exclude<Begun, 'leaving'>): void {
  const root = createRoot(element)
  if (begun !== 'ready') {
    root.render(<SignInPage of={begun} />)
    return
  }
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        // A refusal stays a refusal; only what may pass by itself is tried again.
        retry: (count, error) =>
          count < 2 && (!(error instanceof ApiError) || error.problem.status === 0 || error.problem.status >= 502),
        refetchOnWindowFocus: false,
      },
    },
  })
  onForget(() => {
    root.unmount()
    client.clear()
  })
  root.render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={client}>
          <RouterProvider router={createAppRouter(client)} />
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>,
  )
}
