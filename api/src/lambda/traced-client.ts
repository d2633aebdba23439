import { tracer } from './handled.ts'

interface Call {
  clientName?: string
  commandName?: string
}
type Traced = <In, Out>(next: (args: In) => Promise<Out>, call: Call) => (args: In) => Promise<Out>
interface Client {
  middlewareStack: { add(middleware: Traced, options: { step: 'build'; name: string }): void }
}

/**
 * Traces a client's calls by service and operation. The tracer's own way keeps keys of objects and messages of errors too, and Athena's
 * messages quote statements with what a person typed.
 */
export function tracedClient<C extends Client>(client: C): C {
  client.middlewareStack.add(timed, { step: 'build', name: 'muniment-trace' })
  return client
}

const timed: Traced =
  (next, { clientName = '', commandName = '' }) =>
  async (args) => {
    const call = segmentOf(clientName.replace(/Client$/, ''))
    call?.addAttribute('namespace', 'aws')
    call?.addAttribute('aws', { operation: commandName.replace(/Command$/, '') })
    try {
      return await next(args)
    } catch (error) {
      call?.addFaultFlag()
      throw error
    } finally {
      call?.close()
    }
  }

/** Undefined outside of a call of the function, as in what a process does between two. */
function segmentOf(service: string) {
  return tracer.isTracingEnabled() ? tracer.getSegment()?.addNewSubsegment(service) : undefined
}
