import { beginSession } from './lib/session/session.ts'
import './styles/index.css'

const element = document.getElementById('root')
if (!element) throw new Error('index.html has no #root')

const application = () => import('./app/start.tsx')
// A page that is on its way to the provider needs none of it; one that comes back fetches it while the code is redeemed.
if (location.pathname === '/signed-in') void application()

// The router reads the address, which signing in restores.
void beginSession().then(async (begun) => {
  if (begun === 'leaving') return
  const { start } = await application()
  start(element, begun)
})
