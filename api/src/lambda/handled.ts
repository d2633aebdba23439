import { Tracer } from '@aws-lambda-powertools/tracer'
import { createLog } from '@muniment/archive/log'

/** Of the whole process. Addresses and bodies of requests are not looked at: they hold what people typed. */
export const tracer = new Tracer({ captureHTTPsRequests: false })

/**
 * A handler whose time is traced, and whose errors are told in our log alone, which keeps personal data out: what a function throws stands
 * in the runtime's own log and in the queue of calls that failed.
 */
export function handled<In extends unknown[], Out>(
  name: string,
  act: (...given: In) => Promise<Out>,
): (...given: In) => Promise<Out> {
  const log = createLog(name)
  return async (...given) => {
    const outer = tracer.isTracingEnabled() ? tracer.getSegment() : undefined
    const work = outer?.addNewSubsegment(`## ${name}`)
    if (work) tracer.setSegment(work)
    tracer.annotateColdStart()
    tracer.addServiceNameAnnotation()
    try {
      return await act(...given)
    } catch (err) {
      work?.addFaultFlag()
      log.error({ err }, 'fault')
      throw new Error(`The function ${name} failed; its log says why.`)
    } finally {
      work?.close()
      if (outer) tracer.setSegment(outer)
    }
  }
}
