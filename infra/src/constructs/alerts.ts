import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Stack } from 'aws-cdk-lib/core'
import type { Construct } from 'constructs'

/** Where whoever runs Muniment is told that something needs them. */
export class Alerts extends Topic {
  constructor(scope: Construct, id: string, { email }: { readonly email?: string }) {
    super(scope, id, { enforceSSL: true })
    // A policy of one's own takes the place of the one by which the account's services may publish.
    const ours = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } }
    for (const service of ['cloudwatch', 'events'])
      this.addToResourcePolicy(
        new PolicyStatement({
          sid: `From${service}`,
          principals: [new ServicePrincipal(`${service}.amazonaws.com`)],
          actions: ['sns:Publish'],
          resources: [this.topicArn],
          conditions: ours,
        }),
      )
    if (email !== undefined) this.addSubscription(new EmailSubscription(email))
  }
}
