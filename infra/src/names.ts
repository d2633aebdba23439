/**
 * Names that something besides CloudFormation goes by. Everything else gets a name of CloudFormation's, so that what a
 * removed stack left behind is in nobody's way.
 */
export type FunctionName = 'api' | 'exports' | 'sealer' | 'upkeep' | 'verifier' | 'tokens'
export const functionNames: readonly FunctionName[] = ['api', 'exports', 'sealer', 'upkeep', 'verifier', 'tokens']
/** What works with the archive: all but the one that Cognito calls, which is told nothing and may nothing. */
export type ArchiveFunction = Exclude<FunctionName, 'tokens'>

export const namesOf = (environment: string) => {
  const base = `muniment-${environment}`
  const databasePrefix = `muniment_${environment}_`
  return {
    base,
    /** Of Glue databases: Athena takes no hyphens. */
    databasePrefix,
    database: (application: string) => `${databasePrefix}${application}`,
    crawler: (application: string, table: string) => `${base}-${application}-${table}`,
    workgroup: base,
    /** Namespace of our own metrics. */
    metrics: `Muniment/${environment}`,
    function: (name: FunctionName) => `${base}-${name}`,
    /** Policies of buckets name the roles that they let through. */
    role: (name: FunctionName | 'retention') => `${base}-${name}`,
    /** For people and pipelines: attached to whatever they sign in with. */
    policy: (name: 'loader' | 'publisher' | 'examples') => `${base}-${name}`,
  }
}

export type Names = ReturnType<typeof namesOf>
