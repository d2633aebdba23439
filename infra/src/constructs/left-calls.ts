import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { type Duration, Validations } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'

export interface LeftCallsProps {
  /** How long a call is kept for whoever looks; after that the alarm is over by itself. */
  readonly keptFor: Duration
}

/** Calls that nobody waits for and that failed to the end. What is called throws nothing personal, so a message has ids and no more. */
export class LeftCalls extends Queue {
  constructor(scope: Construct, id: string, { keptFor }: LeftCallsProps) {
    super(scope, id, { retentionPeriod: keptFor, encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true })
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is itself the queue of what failed, and nothing takes messages from it but people.',
    })
  }
}
