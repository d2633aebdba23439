/**
 * The shapes that travel between the web application and the API. The routes declare them (zod-openapi), the web imports
 * their types only.
 *
 *     GET    /api/health
 *     GET    /api/me                                                  Me
 *     GET    /api/purposes                                            PurposeReason[]
 *     GET    /api/applications                                        ApplicationSummary[]
 *     GET    /api/applications/:application/use-cases                 UseCaseDescription[]
 *     GET    /api/applications/:application/model                     ModelDescription
 *     POST   /api/searches               StartSearch -> 202 | 200     Search
 *     GET    /api/searches?before=&limit=                             SearchList (one's own, newest first)
 *     GET    /api/searches/:id                                        Search
 *     DELETE /api/searches/:id                                        Search (state cancelled)
 *     GET    /api/searches/:id/panels/:panel?page=&size=&sort=&columns=a,b&dates=long|iso   an HTML fragment
 *     POST   /api/searches/:id/exports   StartExport -> 202           Export
 *     GET    /api/exports/:id                                         Export
 *     DELETE /api/exports/:id                                         Export (state cancelled)
 *     GET    /api/exports/:id/file, /api/exports/:id/companion        303 to a short-lived address
 *     POST   /api/searches/:id/prints    -> 204                       notes that a print view opens
 *     GET    /api/audit/entries?from&until&person&action&outcome&application&record&before&limit   AuditEntries (auditors)
 *     GET    /api/audit/entries.jsonl    the same, all of it, an AuditEntry a line
 *     POST   /api/audit/entries, /api/audit/entries.jsonl             the same, asked in a body: a record's key belongs into no address
 *     GET    /api/audit/verification, POST                            AuditVerification
 *     GET    /api/access/rules                                        AccessVersion, the one in force (who reads, proposes or approves)
 *     GET    /api/access/proposals                                    AccessProposal[], newest first
 *     POST   /api/access/proposals       ProposeRules -> 201          AccessProposal
 *     GET    /api/access/proposals/:id                                AccessProposal
 *     GET    /api/access/explain?application&useCase                  AccessExplanation, of what oneself sees
 *     POST   /api/access/proposals/:id/approve                        AccessVersion, now in force
 *     GET    /api/openapi.json
 *
 * Errors are problem documents (RFC 9457, application/problem+json): Problem.
 */
import { z } from '@hono/zod-openapi'

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    /** Error id, to be found in the server's log. */
    instance: z.string().optional(),
    /** Parameter name to sentence. */
    fields: z.record(z.string(), z.string()).optional(),
  })
  .openapi('Problem', {
    description:
      'What went wrong (RFC 9457): `detail` helps, `fields` says it beside each input, `instance` is the id in the log.',
  })
export type Problem = z.infer<typeof Problem>

/** How much of a limit is used. `most` in searches a minute, rows exported a day, bytes scanned a month. */
export const LimitUse = z
  .object({
    limit: z.enum(['searchesPerMinute', 'rowsExportedPerDay', 'bytesScannedPerMonth']),
    used: z.number(),
    most: z.number(),
    /** From four fifths on; the page says so. */
    near: z.boolean(),
  })
  .openapi('LimitUse', { description: 'One limit of the person and how much of it is used.' })
export type LimitUse = z.infer<typeof LimitUse>

export const Me = z
  .object({
    id: z.string(),
    name: z.string(),
    groups: z.array(z.string()),
    roles: z.array(z.string()),
    /** What the person may do besides seeing records: read-log, propose-rules, approve-rules, ... */
    duties: z.array(z.string()),
    /** Version of the access rules. */
    rules: z.int(),
    /** Who can grant a right or lift a limit. */
    contact: z.string(),
    limits: z.array(LimitUse),
  })
  .openapi('Me', { description: 'The person who is asking, and what the access rules in force make of them.' })
export type Me = z.infer<typeof Me>

export const PurposeReason = z
  .object({ code: z.string(), label: z.string(), description: z.string() })
  .openapi('PurposeReason', { description: 'A reason for searching, from the configured list.' })
export type PurposeReason = z.infer<typeof PurposeReason>

/** What one works for: a request's reference, or a reason from the configured list with a sentence of one's own. A bare text is a reason's note. */
export const Purpose = z
  .union([
    z.string().trim().min(1).max(500),
    z.object({ request: z.string().trim().min(1).max(100) }),
    z.object({ reason: z.string().min(1).max(100), note: z.string().trim().max(500).default('') }),
  ])
  .openapi('Purpose', {
    description: 'What one works for: a request by its reference, a reason of the list with a note, or a note alone.',
  })
export type Purpose = z.infer<typeof Purpose>

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

const InputsShape = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

export const StartSearch = z
  .object({ application: z.string(), useCase: z.string(), inputs: InputsShape, purpose: Purpose })
  .openapi('StartSearch', { description: 'A search to begin: inputs by parameter name, as text or a list of texts.' })
export type StartSearch = z.infer<typeof StartSearch>

export const SearchState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled'])

/** What the access rules withhold from a result, whether or not they removed anything. */
export const InForce = z
  .object({
    rules: z.int(),
    /** By which the person saw it; absent in searches of before. */
    roles: z.array(z.string()).optional(),
    /** Columns that are not shown as they are, in the tables that the panels read. */
    masks: z.array(
      z.object({
        table: z.string(),
        title: z.string(),
        columns: z.array(z.object({ name: z.string(), label: z.string(), mask: z.enum(['hidden', 'partial']) })),
      }),
    ),
    rowRules: z.array(z.object({ name: z.string(), title: z.string(), description: z.string() })),
    contact: z.string(),
  })
  .openapi('InForce', {
    description:
      'Masks and row rules in force: named always, so that "nothing found" is never taken for "nothing there".',
  })
export type InForce = z.infer<typeof InForce>

export const PanelState = z
  .object({
    name: z.string(),
    title: z.string(),
    layout: z.enum(['table', 'summary', 'timeline']),
    /** `left-out`: the role may not see it, whether or not there is anything in it. */
    state: z.enum([...SearchState.options, 'left-out']),
    /** Domains that the role lacks for this panel: what to ask for. Only where it is left out. */
    lacks: z.array(z.object({ name: z.string(), title: z.string() })).optional(),
    /** Rows kept; `more` says the 10,000 limit cut the result. */
    rows: z.int().optional(),
    more: z.boolean().optional(),
    bytesScanned: z.int(),
    elapsedMs: z.int(),
    /** As-of inputs that this panel honours: valid_on, known_on. */
    honours: z.array(z.string()),
    /** What its query was bound with, by the query's own names: out of the search's inputs, or `fixed` by the use case. */
    inputs: InputsShape.optional(),
    inputsRead: z
      .array(z.object({ name: z.string(), label: z.string(), value: z.string(), fixed: z.boolean() }))
      .optional(),
    columns: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        type: z.string(),
        hidden: z.boolean(),
        numeric: z.boolean(),
        unit: z.string().optional(),
        /** Not shown as it is: the role lacks a sensitivity of what it is made of. */
        masked: z.enum(['hidden', 'partial']).optional(),
      }),
    ),
    sorts: z.array(z.object({ name: z.string(), label: z.string() })),
    /** Sentence for the person when a table that it reads is incomplete: rows may be lacking, or nothing may have been found for that. */
    notice: z.string().optional(),
    /** What went wrong and who can help, when failed. */
    problem: Problem.optional(),
  })
  .openapi('PanelState', {
    description: 'One panel of a search; it is read, and may fail, independently of the others.',
  })
export type PanelState = z.infer<typeof PanelState>

export const Search = z
  .object({
    id: z.string(),
    application: z.string(),
    useCase: z.string(),
    title: z.string(),
    kind: z.enum(['search', 'file', 'report']),
    state: SearchState,
    inputs: InputsShape,
    /** Inputs as a person reads them: label and value (codes in words). */
    inputsRead: z.array(z.object({ name: z.string(), label: z.string(), value: z.string() })),
    purpose: Purpose,
    person: z.string(),
    started: z.string(),
    finished: z.string().optional(),
    /** 0 to 1, panels that have ended. */
    progress: z.number(),
    bytesScanned: z.int(),
    /** US dollars as the AWS setting would bill these bytes; 0 when embedded. */
    price: z.number(),
    templateHash: z.string(),
    loads: z.array(z.string()),
    /** By which access rules it was run and what they withhold. */
    inForce: InForce,
    /** The citable title block of a file, once its panel is done. */
    record: z
      .object({
        kind: z.string(),
        number: z.string(),
        holder: z.string().optional(),
        state: z.string().optional(),
        stateKind: z.enum(['open', 'ended', 'held', 'destroyed']).optional(),
        /** What of it the role may not see: absent above, whether or not there is a value. */
        masked: z.array(z.enum(['holder', 'state'])).optional(),
        /** The panel that it is from: its as-of dates are those of the title. */
        panel: z.string().optional(),
      })
      .optional(),
    panels: z.array(PanelState),
  })
  .openapi('Search', { description: 'One run of a use case by one person for one purpose, as it is recorded.' })
export type Search = z.infer<typeof Search>

export const SearchList = z
  .object({
    searches: z.array(
      z.object({
        id: z.string(),
        application: z.string(),
        useCase: z.string(),
        title: z.string(),
        state: SearchState,
        inputsRead: z.array(z.object({ name: z.string(), label: z.string(), value: z.string() })),
        purpose: Purpose,
        started: z.string(),
        rows: z.int(),
      }),
    ),
    /** Pass as `before` for the next page. */
    next: z.string().optional(),
  })
  .openapi('SearchList', { description: "A page of one's own searches, newest first." })
export type SearchList = z.infer<typeof SearchList>

export const StartExport = z
  .object({ panel: z.string(), format: z.enum(['csv', 'xlsx', 'json', 'parquet']), sort: z.string().optional() })
  .openapi('StartExport', { description: 'A panel to take along in full, in a format and an order.' })
export type StartExport = z.infer<typeof StartExport>

export const Export = z
  .object({
    id: z.string(),
    search: z.string(),
    panel: z.string(),
    format: z.enum(['csv', 'xlsx', 'json', 'parquet']),
    state: SearchState,
    /** 0 to 1 where it is known. */
    progress: z.number().optional(),
    rows: z.int().optional(),
    bytes: z.int().optional(),
    fileName: z.string(),
    /** For CSV, JSON and Parquet: the file that says what was searched, when, for which purpose and how many rows. XLSX has it as a sheet. */
    companion: z.string().optional(),
    problem: Problem.optional(),
  })
  .openapi('Export', { description: 'A file being written or ready, with how many rows and bytes it has.' })
export type Export = z.infer<typeof Export>

export const ExportAddress = z
  .object({
    address: z.string(),
    /** ISO 8601. */
    until: z.string(),
  })
  .openapi('ExportAddress', { description: 'Where a file can be fetched without any further proof, for minutes.' })
export type ExportAddress = z.infer<typeof ExportAddress>

export const AuditAction = z.enum([
  'sign-in',
  'sign-out',
  'refusal',
  'search',
  'page',
  'export',
  'download',
  'print',
  'model-view',
  'log-view',
  'load',
  'template-change',
  'rules-proposal',
  'rules-change',
  'users-change',
  'unusual-use',
  'seal',
  'key-rotation',
])
export type AuditAction = z.infer<typeof AuditAction>

/** `none`: no closing entry. The action is under way, or was interrupted. */
export const AuditOutcome = z.enum(['done', 'refused', 'failed', 'cancelled', 'interrupted', 'none'])
export type AuditOutcome = z.infer<typeof AuditOutcome>

const Plain = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]))

export const AuditEntry = z
  .object({
    id: z.string(),
    began: z.string(),
    ended: z.string().optional(),
    /** One of AuditAction; logs of other versions may have others. */
    action: z.string(),
    outcome: z.string(),
    /** Id, as the token said it; `nobody` where nobody was signed in. */
    person: z.string(),
    roles: z.array(z.string()),
    groups: z.array(z.string()),
    /** Version of the access rules. */
    rules: z.int(),
    /** `noted`: a sentence was typed besides; the log has a commitment of it. */
    purpose: z.object({ reason: z.string().optional(), request: z.string().optional(), noted: z.boolean() }).optional(),
    /** Ids, names of templates and hashes. */
    subject: Plain,
    detail: Plain.optional(),
    rows: z.int().optional(),
    bytes: z.int().optional(),
    /** How many records were shown. */
    records: z.int().optional(),
    /** Whether a signed checkpoint covers the opening. */
    covered: z.boolean(),
  })
  .openapi('AuditEntry', { description: 'One action of one person: what the log says of its beginning and its end.' })
export type AuditEntry = z.infer<typeof AuditEntry>

export const AuditEntries = z
  .object({
    entries: z.array(AuditEntry),
    /** Pass as `before` for the next page. */
    next: z.string().optional(),
    /** The period that was looked through. */
    from: z.string(),
    until: z.string(),
  })
  .openapi('AuditEntries', { description: 'A page of the log, newest first.' })
export type AuditEntries = z.infer<typeof AuditEntries>

export const AuditVerification = z
  .object({
    state: z.enum(['never', 'running', 'done', 'failed']),
    /** Of the last one that ended. */
    checkedAt: z.string().optional(),
    /** Nothing is wrong; there may be sentences about what is odd all the same. */
    ok: z.boolean().optional(),
    /** In plain words, one after the other. */
    sentences: z.array(z.string()),
    findings: z.array(z.object({ kind: z.string(), of: z.string(), at: z.string().optional(), message: z.string() })),
    covered: z.object({ entries: z.int(), seals: z.int(), at: z.string().optional() }).optional(),
    uncovered: z.object({ entries: z.int(), since: z.string().optional() }).optional(),
  })
  .openapi('AuditVerification', { description: 'Whether the log is whole, as of the last time it was checked.' })
export type AuditVerification = z.infer<typeof AuditVerification>

const Signed = z.object({ by: z.string(), at: z.string() })

/** The rules' document as it is written: archive/access/rules.ts has its schema. */
export const AccessRulesText = z
  .object({
    format: z.literal(1),
    title: z.string(),
    contact: z.string(),
    bulkRows: z.int(),
    limits: z.record(
      z.string(),
      z.object({
        searchesPerMinute: z.int().optional(),
        rowsExportedPerDay: z.int().optional(),
        bytesScannedPerMonth: z.int().optional(),
      }),
    ),
    grants: z.array(
      z.object({
        id: z.string(),
        groups: z.array(z.string()),
        role: z.string(),
        applications: z.array(z.string()),
        domains: z.array(z.string()),
        useCases: z.array(z.string()),
        sensitivities: z.array(z.string()),
        sees: z.array(z.string()),
        rights: z.array(z.string()),
        from: z.string().optional(),
        until: z.string().optional(),
        reason: z.string().optional(),
      }),
    ),
  })
  .openapi('AccessRules', { description: 'Who may see what, grant by grant.' })
export type AccessRulesText = z.infer<typeof AccessRulesText>

export const AccessVersion = z
  .object({
    number: z.int(),
    reason: z.string(),
    proposed: Signed,
    /** Absent in the first version, which came with the setting. */
    approved: Signed.optional(),
    rules: AccessRulesText,
  })
  .openapi('AccessVersion', { description: 'A version of the access rules, and the two people who made it.' })
export type AccessVersion = z.infer<typeof AccessVersion>

export const AccessExplanation = z
  .object({
    answer: z.enum(['yes', 'in part', 'no']),
    /** One after the other, for the person. */
    sentences: z.array(z.string()),
  })
  .openapi('AccessExplanation', {
    description: 'Why one sees what one sees: grants, what is lacking, masks, row rules.',
  })
export type AccessExplanation = z.infer<typeof AccessExplanation>

export const AccessProposal = z
  .object({
    id: z.string(),
    /** `void`: another version came in between. */
    state: z.enum(['open', 'approved', 'void']),
    /** The version that was in force when it was made. */
    against: z.int(),
    reason: z.string(),
    proposed: Signed,
    rules: AccessRulesText,
  })
  .openapi('AccessProposal', { description: 'A change of the access rules that waits for a second person, or did.' })
export type AccessProposal = z.infer<typeof AccessProposal>

/** `rules` is checked by the schema of the rules; what is wrong with it is said in the problem's detail and fields. */
export const ProposeRules = z
  .object({ rules: z.unknown(), reason: z.string().trim().min(1).max(1000) })
  .openapi('ProposeRules', { description: 'Access rules in place of the version in force, and why.' })
export type ProposeRules = z.infer<typeof ProposeRules>

/** `/sign-in.json`, one of the application's files: where to sign in. Addresses are absolute. */
export interface SignIn {
  issuer: string
  clientId: string
  scope: string
  /** What access tokens are for. */
  audience: string
  /** Whether the sample people are who signs in. */
  demonstration: boolean
  /** The address under which the application is known to the provider. */
  origin: string
  authorization: string
  token: string
  endSession?: string
}
