import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Duration, Stack } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { allow } from '../grants.ts'
import type { Names } from '../names.ts'

export interface ClockProps {
  readonly names: Names
  readonly name: string
  readonly every: '1 minute' | '1 hour' | '6 hours'
  readonly handler: IFunction
  /** Takes calls that could not be made. */
  readonly left: IQueue
}

/** Calls a function by the clock, with a role that may do that and nothing else. */
export class Clock extends Construct {
  constructor(scope: Construct, id: string, { names, name, every, handler, left }: ClockProps) {
    super(scope, id)
    const stack = Stack.of(this)
    const scheduleName = `${names.base}-${name}`
    const group = stack.formatArn({ service: 'scheduler', resource: 'schedule-group', resourceName: 'default' })
    const role = new Role(this, 'Role', {
      description: `Calls ${scheduleName} every ${every}`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': group } },
      }),
    })
    allow(
      role,
      { actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] },
      { actions: ['sqs:SendMessage'], resources: [left.queueArn] },
    )
    const schedule = new CfnSchedule(this, 'Schedule', {
      name: scheduleName,
      description: `Every ${every}`,
      scheduleExpression: `rate(${every})`,
      flexibleTimeWindow: { mode: 'OFF' },
      state: 'ENABLED',
      target: {
        arn: handler.functionArn,
        roleArn: role.roleArn,
        // A call that could not be made is made up for by the next one.
        deadLetterConfig: { arn: left.queueArn },
        retryPolicy: { maximumRetryAttempts: 1, maximumEventAgeInSeconds: Duration.minutes(1).toSeconds() },
      },
    })
    schedule.node.addDependency(role)
  }
}
