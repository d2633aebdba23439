import { z } from '@hono/zod-openapi'

const Domain = z.object({ name: z.string(), title: z.string(), description: z.string() })

export const ApplicationSummary = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    retired: z.string().optional(),
    domains: z.array(Domain),
    useCases: z.int(),
    /** Rows in the archive; 0 when nothing was loaded yet. */
    rows: z.int(),
    /** Rows are told rounded up, since row rules hide some of them. */
    rounded: z.boolean().optional(),
    /**
     * Sentences for the person when the templates have a fault (an older version is in force, or what has the fault is not
     * there) and when tables are incomplete.
     */
    problem: z.string().optional(),
  })
  .openapi('ApplicationSummary', { description: 'A retired system and how much of it is in the archive.' })
export type ApplicationSummary = z.infer<typeof ApplicationSummary>

export const ParameterDescription = z
  .object({
    name: z.string(),
    type: z.enum(['string', 'integer', 'decimal', 'date', 'boolean', 'code', 'choice']),
    list: z.boolean(),
    label: z.string(),
    hint: z.string().optional(),
    required: z.boolean(),
    pattern: z.object({ regex: z.string(), message: z.string() }).optional(),
    options: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
    default: z.string().optional(),
    /** A real example, for the placeholder. */
    example: z.string().optional(),
    /** What a text means, where that is known: a name is looked up by sound too, of a plate only letters and digits count. */
    means: z.enum(['name', 'plate']).optional(),
    /** What a number counts, or an amount is in; said behind it. */
    unit: z.string().optional(),
    maxLength: z.int(),
  })
  .openapi('Parameter', {
    description: 'What a person may type; inputs travel as text and are checked by these rules.',
  })
export type ParameterDescription = z.infer<typeof ParameterDescription>

export const UseCaseDescription = z
  .object({
    name: z.string(),
    application: z.string(),
    title: z.string(),
    description: z.string(),
    keywords: z.array(z.string()),
    domain: z.string(),
    kind: z.enum(['search', 'file', 'report']),
    parameters: z.array(ParameterDescription),
    /** Of each group at least one input must be given. */
    requireOneOf: z.array(z.array(z.string())),
    panels: z.array(
      z.object({
        name: z.string(),
        title: z.string(),
        query: z.string(),
        layout: z.enum(['table', 'summary', 'timeline']),
        /** Domains that the role lacks for it: it will be left out. */
        lacks: z.array(z.object({ name: z.string(), title: z.string() })).optional(),
      }),
    ),
    tables: z.array(z.string()),
    examples: z.array(
      z.object({ title: z.string(), inputs: z.record(z.string(), z.union([z.string(), z.array(z.string())])) }),
    ),
  })
  .openapi('UseCase', { description: 'What a person comes for: a form of parameters and the panels that answer it.' })
export type UseCaseDescription = z.infer<typeof UseCaseDescription>

export const ModelDescription = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    timeZone: z.string(),
    retired: z.string().optional(),
    legalEntities: z.array(z.object({ code: z.string(), name: z.string(), description: z.string().optional() })),
    domains: z.array(Domain),
    /** Rows and bytes of tables are told rounded up, since row rules hide some of them. */
    rounded: z.boolean().optional(),
    codeLists: z.record(
      z.string(),
      z.object({
        title: z.string(),
        description: z.string().optional(),
        values: z.array(z.object({ code: z.string(), label: z.string(), description: z.string().optional() })),
      }),
    ),
    tables: z.array(
      z.object({
        name: z.string(),
        domain: z.string(),
        title: z.string(),
        description: z.string(),
        source: z.string(),
        rows: z.int(),
        bytes: z.int(),
        primaryKey: z.array(z.string()),
        foreignKeys: z.array(z.object({ columns: z.array(z.string()), table: z.string(), to: z.array(z.string()) })),
        valid: z.object({ from: z.string(), to: z.string().optional() }).optional(),
        recorded: z.object({ from: z.string(), to: z.string().optional() }).optional(),
        persons: z.array(z.string()),
        columns: z.array(
          z.object({
            name: z.string(),
            type: z.string(),
            label: z.string(),
            description: z.string(),
            unit: z.string().optional(),
            codeList: z.string().optional(),
            sensitivity: z.array(z.string()),
            source: z.string().optional(),
            derived: z.string().optional(),
          }),
        ),
        /** Use cases whose queries read this table. */
        useCases: z.array(z.string()),
      }),
    ),
  })
  .openapi('Model', {
    description: 'What a retired system held: tables, columns, codes, keys, and the use cases that read each table.',
  })
export type ModelDescription = z.infer<typeof ModelDescription>
