import { randomUUID } from 'node:crypto'
import { CloudFrontClient, CreateInvalidationCommand } from '@aws-sdk/client-cloudfront'
import { OperatorError } from '@muniment/archive/errors'

/** What CloudFront may have kept of files that are replaced in place. Assets are never the same name with another content. */
const INDEX = 'index.html'

/** Has CloudFront ask for the pages that were put anew; gives their paths. Throws OperatorError. */
export async function invalidate(distribution: string, put: readonly string[]): Promise<string[]> {
  if (!put.includes(INDEX)) return []
  const client = new CloudFrontClient()
  try {
    const Items = [`/${INDEX}`, '/']
    const InvalidationBatch = { CallerReference: randomUUID(), Paths: { Quantity: Items.length, Items } }
    await client.send(new CreateInvalidationCommand({ DistributionId: distribution, InvalidationBatch }))
    return Items
  } catch (cause) {
    const code = cause instanceof Error ? cause.name : 'an error'
    throw new OperatorError(
      `Everything is published, but CloudFront answered ${code} when it was to renew its copies of /${INDEX}: publish again.`,
      { cause },
    )
  } finally {
    client.destroy()
  }
}
