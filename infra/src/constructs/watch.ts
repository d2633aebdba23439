import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  TextWidget,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Duration } from 'aws-cdk-lib/core'
import { Construct } from 'constructs'
import { type FunctionName, functionNames, type Names } from '../names.ts'
import type { EnvironmentSettings } from '../settings.ts'

export interface WatchProps {
  readonly names: Names
  readonly settings: Pick<EnvironmentSettings, 'budget' | 'alarms'>
  readonly functions: Readonly<Record<FunctionName, IFunction>>
  readonly api: HttpApi
  readonly alerts: ITopic
  /** Calls that failed to the end, by what the alarm is called. */
  readonly left: Readonly<Record<'exports-left' | 'scheduled-left', IQueue>>
}

interface AlarmOptions {
  readonly metric: IMetric
  readonly above?: number
  readonly below?: number
  readonly periods?: number
  /** What silence means. */
  readonly silence: 'well' | 'wrong'
  readonly says: string
}

const minutes5 = Duration.minutes(5)

/** What an operator has to know without looking, and what there is to look at. Each alarm has its place in docs/runbook.md. */
export class Watch extends Construct {
  readonly alarms = new Map<string, Alarm>()
  readonly #alerts: ITopic

  constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id)
    const { settings, functions, api, alerts, left } = props
    this.#alerts = alerts
    const told = metricsOf(props.names)
    const latency = api.metricLatency({ statistic: 'p95', period: minutes5 })
    const faults = api.metricServerError({ statistic: 'Sum', period: minutes5 })
    const scanned = new Metric({
      namespace: 'AWS/Athena',
      metricName: 'ProcessedBytes',
      dimensionsMap: { WorkGroup: props.names.workgroup },
      statistic: 'Sum',
      period: Duration.days(1),
    })
    this.alarm('api-faults', { metric: faults, above: 5, silence: 'well', says: 'The API answered with 5xx.' })
    this.alarm('api-latency', {
      metric: latency,
      above: settings.alarms.latencyMs,
      periods: 3,
      silence: 'well',
      says: 'The slowest 5% of answers take too long.',
    })
    for (const name of functionNames) {
      const of = functions[name]
      const sum = { statistic: 'Sum', period: minutes5 }
      this.alarm(`${name}-errors`, {
        metric: of.metricErrors(sum),
        above: 0,
        periods: name === 'sealer' ? 2 : 1,
        silence: 'well',
        says: `The function ${name} failed.`,
      })
      this.alarm(`${name}-throttles`, {
        metric: of.metricThrottles(sum),
        above: 0,
        periods: 3,
        silence: 'well',
        says: `The function ${name} is called more often than it may run.`,
      })
    }
    const waiting = { statistic: 'Maximum', period: minutes5 }
    this.alarm('exports-left', {
      metric: left['exports-left'].metricApproximateNumberOfMessagesVisible(waiting),
      above: 0,
      silence: 'well',
      says: 'An export was given up after all its tries.',
    })
    this.alarm('scheduled-left', {
      metric: left['scheduled-left'].metricApproximateNumberOfMessagesVisible(waiting),
      above: 0,
      silence: 'well',
      says: 'A call of the sealer, upkeep or the verifier failed, or could not be made.',
    })
    this.alarm('bytes-scanned', {
      metric: scanned,
      above: settings.budget.bytesPerDay,
      silence: 'well',
      says: 'Athena scanned more than a day is meant to cost.',
    })
    // The clock calls them whether there is something to do or not: no success means that nothing was done.
    this.alarm('sealing-age', {
      metric: told('sealer', 'Sealed', Duration.minutes(10)),
      below: 1,
      silence: 'wrong',
      says: 'The audit log was not sealed for ten minutes: what came since could be cut off unseen.',
    })
    this.alarm('log-damaged', {
      metric: told('sealer', 'DamagedStreams', minutes5),
      above: 0,
      silence: 'well',
      says: 'What the sealer was to take into the audit log is not as it was written.',
    })
    this.alarm('witness', {
      metric: told('sealer', 'WitnessFailures', minutes5),
      above: 0,
      periods: 3,
      silence: 'well',
      says: 'The witness did not take checkpoints for a quarter of an hour.',
    })
    this.alarm('log-not-whole', {
      metric: told('verifier', 'LogWhole', Duration.hours(6)).with({ statistic: 'Minimum' }),
      below: 1,
      silence: 'well',
      says: 'The audit log does not verify.',
    })
    this.alarm('verifying-age', {
      metric: told('verifier', 'Verified', Duration.days(1)),
      below: 1,
      silence: 'wrong',
      says: 'The audit log was not checked for a day.',
    })
    this.alarm('upkeep-age', {
      metric: told('upkeep', 'UpkeepDone', Duration.hours(3)),
      below: 1,
      silence: 'wrong',
      says: 'Upkeep did not run for three hours: interrupted actions are not closed, results not swept.',
    })
    this.dashboard(props, { latency, faults, scanned })
  }

  private alarm(name: string, { metric, above, below, periods = 1, silence, says }: AlarmOptions): void {
    const alarm = new Alarm(this, name, {
      alarmDescription: `${says} docs/runbook.md, "${name}".`,
      metric,
      threshold: above ?? below ?? 0,
      comparisonOperator:
        above === undefined ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: silence === 'well' ? TreatMissingData.NOT_BREACHING : TreatMissingData.BREACHING,
    })
    alarm.addAlarmAction(new SnsAction(this.#alerts))
    alarm.addOkAction(new SnsAction(this.#alerts))
    this.alarms.set(name, alarm)
  }

  private dashboard(
    { names, functions, api }: WatchProps,
    shown: Record<'latency' | 'faults' | 'scanned', Metric>,
  ): void {
    const told = metricsOf(names)
    const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 12 })
    const each = (read: (of: IFunction) => IMetric) => functionNames.map((name) => read(functions[name]))
    new Dashboard(this, 'Dashboard', {
      dashboardName: names.base,
      widgets: [
        [new TextWidget({ markdown: `# ${names.base}\nWhat each alarm means: docs/runbook.md`, width: 24, height: 2 })],
        [
          graph('Requests', [api.metricCount({ statistic: 'Sum' }), api.metricClientError({ statistic: 'Sum' })]),
          graph('Faults and latency (95%)', [shown.faults, shown.latency]),
        ],
        [
          graph(
            'Failures',
            each((of) => of.metricErrors()),
          ),
          graph(
            'Refused for want of room',
            each((of) => of.metricThrottles()),
          ),
        ],
        [
          graph(
            'Durations',
            each((of) => of.metricDuration({ statistic: 'p95' })),
          ),
          graph('Bytes that Athena scanned a day', [shown.scanned]),
        ],
        [
          graph('The log is sealed', [told('sealer', 'Sealed', minutes5)]),
          graph('Upkeep', [told('upkeep', 'UpkeepDone', Duration.hours(1))]),
        ],
      ],
    })
  }
}

/** What the functions tell of themselves, by environment. */
const metricsOf =
  ({ metrics }: Names) =>
  (service: FunctionName, metricName: string, period: Duration): Metric =>
    new Metric({ namespace: metrics, metricName, dimensionsMap: { service }, statistic: 'Sum', period })
