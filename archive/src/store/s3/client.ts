import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'

/**
 * A client as the store likes it: it does not repeat calls itself, so that the store knows what was repeated, and gives up on
 * a connection where nothing moves.
 */
export function createS3Client(config: S3ClientConfig = {}): S3Client {
  return new S3Client({
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 5_000,
      socketTimeout: 30_000,
      httpsAgent: { keepAlive: true, maxSockets: 50 },
      httpAgent: { keepAlive: true, maxSockets: 50 },
    },
    ...config,
  })
}
