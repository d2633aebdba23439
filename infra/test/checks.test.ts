import { Validations } from 'aws-cdk-lib/core'
import { AwsSolutionsChecks } from 'cdk-nag'
import type { IConstruct } from 'constructs'
import { describe, expect, it } from 'vitest'
import { Checks } from '../src/checks.ts'
import { functionNames } from '../src/names.ts'
import { demoSettings, synthesise } from './support/synthesised.ts'

const reportOf = (report: ReturnType<Checks['validateScope']>) =>
  report.violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ resourceLogicalId }) => `${ruleName} ${resourceLogicalId}`),
  )

const { app } = await synthesise({ demo: demoSettings })
const unexplained = reportOf(new AwsSolutionsChecks(app).validateScope(app))
const explained = reportOf(new Checks(app).validateScope(app))

interface Acknowledged {
  readonly scope: IConstruct
  readonly id: string
  readonly reason: unknown
}

const acknowledged: Acknowledged[] = app.node.findAll().flatMap((scope) =>
  scope.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, unknown>))
    .map(([id, reason]) => ({ scope, id: id.replace(/^annotation::/i, ''), reason })),
)

describe("cdk-nag's rules for AWS solutions", () => {
  it('find nothing that nobody has explained', () => {
    expect(explained).toEqual([])
  })

  it('find wildcards where grants are not asked for their reasons, so they do look', () => {
    expect(unexplained.length).toBeGreaterThan(20)
    expect(unexplained.filter((line) => !line.startsWith('AwsSolutions-IAM5[Resource::'))).toEqual([])
  })

  it('are answered by sentences', () => {
    expect(acknowledged.length).toBeGreaterThan(40)
    for (const { id, reason } of acknowledged) expect(`${id}: ${reason}`).toMatch(/^.*: [A-Z].{40,}\.$/)
  })

  it('are never waved off for a stack, the application, or all resources of an action', () => {
    for (const { scope, id } of acknowledged) {
      // App, stack, construct of ours: what is explained lies below that.
      expect(scope.node.path.split('/').length, `${id} at ${scope.node.path}`).toBeGreaterThanOrEqual(2)
      expect(id).not.toMatch(/IAM5\[Action/)
      expect(id).not.toBe('AwsSolutions-IAM5')
    }
    const everything = acknowledged.filter(({ id }) => id === 'AwsSolutions-IAM5[Resource::*]')
    expect(everything.map(({ scope }) => scope.node.path).sort()).toEqual(
      [...functionNames].sort().map((name) => `muniment-demo-service/Function-${name}/Role`),
    )
  })

  it('explain nothing that is not there any more', () => {
    const used = new Set(unexplained.map((line) => line.split(' ')[0]))
    const idle = acknowledged.filter(({ id }) => id.startsWith('AwsSolutions-IAM5') && !used.has(id))
    expect(idle.map(({ id }) => id)).toEqual([])
  })
})
