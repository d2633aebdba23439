import type { PolicyValidationPluginReport } from 'aws-cdk-lib/core'
import { AwsSolutionsChecks } from 'cdk-nag'
import type { IConstruct } from 'constructs'
import { acknowledgeExplained } from './grants.ts'

/** cdk-nag's rules; what grants say of their wildcards counts as explained. A finding ends the synthesis. */
export class Checks extends AwsSolutionsChecks {
  override validateScope(scope: IConstruct): PolicyValidationPluginReport {
    acknowledgeExplained(scope)
    return super.validateScope(scope)
  }
}
