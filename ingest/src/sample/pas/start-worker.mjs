// A thread does not inherit what makes its parent understand TypeScript, whichever runner that is.
import { register } from 'tsx/esm/api'

register()
await import('./portion-worker.ts')
