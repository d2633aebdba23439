import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiError } from './api/http.ts'
import { createAppRouter } from './app/router.tsx'
import { SignInPage } from './features/sign-in/SignInPage.tsx'
import { beginSession, onForget } from './lib/session/session.ts'
import './styles/index.css'

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

const element = document.getElementById('root')
if (!element) throw new Error('index.html has no #root')

const root = createRoot(element)

// The router reads the address, which signing in restores.
void beginSession().then((begun) => {
  if (begun === 'leaving') return
  if (begun !== 'ready') return root.render(<SignInPage of={begun} />)
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
})
