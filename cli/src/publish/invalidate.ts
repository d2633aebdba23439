import { randomUUID } from 'node:crypto'
import { CloudFrontClient, CreateInvalidationCommand } from '@aws-sdk/client-cloudfront'
import { OperatorError } from '@muniment/archive/errors'

/** What CloudFront may have kept of files that are replaced in place. Assets are never the same name with another content. */
const REPLACED = ['index.html', 'sign-in.json']

/** Has CloudFront ask for the pages that were put anew; gives their paths. Throws OperatorError. */
export async function invalidate(distribution: string, put: readonly string[]): Promise<string[]> {
  const paths = REPLACED.filter((key) => put.includes(key)).map((key) => `/${key}`)
  if (paths.length === 0) return []
  const client = new CloudFrontClient()
  try {
    const Items = put.includes('index.html') ? [...paths, '/'] : paths
    const InvalidationBatch = { CallerReference: randomUUID(), Paths: { Quantity: Items.length, Items } }
    await client.send(new CreateInvalidationCommand({ DistributionId: distribution, InvalidationBatch }))
    return Items
  } catch (cause) {
    const code = cause instanceof Error ? cause.name : 'an error'
    throw new OperatorError(
      `Everything is published, but CloudFront answered ${code} when it was to renew its copies of ${paths.join(' and ')}: publish again.`,
      { cause },
    )
  } finally {
    client.destroy()
  }
}
