import { join } from 'node:path'
import { cacheFolder } from './cache-folder.ts'
import { installPython } from './python.ts'

/** A Python with Athena clients that are not ours, to see that they work against the stand-ins. Returns its path. */
export const installClients = () =>
  installPython(join(cacheFolder(), 'clients'), ['PyAthena[Pandas]==4.2.1', 'awswrangler==3.17.1'])
