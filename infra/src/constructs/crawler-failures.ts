import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { EventField, Match, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events'
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'

export interface CrawlerFailuresProps {
  /** What the crawlers' names begin with: a pattern that lists them would outgrow EventBridge's 2,048 characters. */
  readonly crawlers: string
  readonly alerts: ITopic
}

/** A crawler that failed leaves the catalog as it was: searches go on without what was loaded. Somebody has to know. */
export class CrawlerFailures extends Construct {
  readonly alarm: Alarm

  constructor(scope: Construct, id: string, { crawlers, alerts }: CrawlerFailuresProps) {
    super(scope, id)
    const rule = new Rule(this, 'Failed', {
      description: 'A crawler of Muniment failed',
      eventPattern: {
        source: ['aws.glue'],
        detailType: ['Glue Crawler State Change'],
        detail: { state: ['Failed'], crawlerName: Match.prefix(crawlers) },
      },
    })
    const told = `The crawler ${EventField.fromPath('$.detail.crawlerName')} failed: ${EventField.fromPath('$.detail.errorMessage')}`
    rule.addTarget(new SnsTopic(alerts, { message: RuleTargetInput.fromText(told) }))
    this.alarm = new Alarm(this, 'Alarm', {
      alarmDescription:
        'A crawler failed: the catalog does not show what was loaded or destroyed last. docs/runbook.md, "crawler-failed".',
      metric: new Metric({
        namespace: 'AWS/Events',
        metricName: 'TriggeredRules',
        dimensionsMap: { RuleName: rule.ruleName },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    this.alarm.addAlarmAction(new SnsAction(alerts))
  }
}
