import { OperatorError } from '@muniment/archive/errors'
import { openHome } from '@muniment/archive/home'
import { askOwner } from '@muniment/archive/home/control-client'
import { readSettings } from '../settings.ts'

/**
 * Asks the running server, which alone knows whether it is a demonstration and under which address it gives tokens. Its socket is for the
 * user that runs it, as the data folder is.
 */
export async function token(person: string): Promise<void> {
  const { home: path } = readSettings()
  const home = await openHome(path, { mode: 'client' })
  try {
    const outcome = await askOwner(home.work, { op: 'token', person }, 10_000)
    if (typeof outcome === 'string')
      throw new OperatorError('No server is running on this data folder. Start one by `npm start`, then ask again.')
    const { error, token: given } = outcome.reply
    if (error || given === undefined) throw new OperatorError(error?.message ?? 'The server gave no token.')
    console.log(given)
  } finally {
    await home.close()
  }
}
