import { z } from '@hono/zod-openapi'
import { Purpose } from './me.ts'
import { Problem } from './problem.ts'

const InputsShape = z.record(z.string(), z.union([z.string(), z.array(z.string())]))
type InputsShape = z.infer<typeof InputsShape>

/** As they came, names too: z.record drops `__proto__` unsaid, and what is not declared is refused by whoever knows the declared ones. */
const InputsAsked = z
  .custom<InputsShape>()
  .check(({ value, issues }) => {
    const parsed = InputsShape.safeParse(value)
    for (const issue of parsed.error?.issues ?? []) issues.push({ ...issue, code: 'custom', input: value })
  })
  .openapi({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
  })

export const StartSearch = z
  .strictObject({ application: z.string(), useCase: z.string(), inputs: InputsAsked, purpose: Purpose })
  .openapi('StartSearch', { description: 'A search to begin: inputs by parameter name, as text or a list of texts.' })
export type StartSearch = z.infer<typeof StartSearch>

export const AskEstimate = z
  .strictObject({ application: z.string(), useCase: z.string(), inputs: InputsAsked })
  .openapi('AskEstimate', { description: 'A search whose cost is asked before it is begun.' })
export type AskEstimate = z.infer<typeof AskEstimate>

export const Estimate = z
  .object({
    /** Of all panels together; absent where what a panel reads is not known. Told in steps of 10 MB where row rules are in force. */
    bytesAtMost: z.int().optional(),
    /** US dollars, with what each query costs at least; absent where nobody bills, or bytes are not known. */
    priceAtMost: z.number().optional(),
    panels: z.array(z.object({ name: z.string(), title: z.string(), bytesAtMost: z.int().optional() })),
    /** The least of what is set for this use case and for the person's roles. */
    budget: z.object({ bytes: z.int(), of: z.enum(['use-case', 'role']) }).optional(),
    /** Present where the search would be refused: why, what would make it cheaper, and who can help. */
    refused: z.string().optional(),
    /** Of a search that would be refused: inputs that were not given and would make it read less, given as in the example. */
    cheaper: z.array(z.object({ input: z.string(), label: z.string(), bytesAtMost: z.int() })).optional(),
  })
  .openapi('Estimate', { description: 'What a search reads at most, known before it is begun; nothing is run for it.' })
export type Estimate = z.infer<typeof Estimate>

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
    /** What was known before it began; absent where it was not. */
    bytesAtMost: z.int().optional(),
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
    /** Of all panels, known before it began; absent where of one it was not. */
    bytesAtMost: z.int().optional(),
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
        /** By what the archive names it, to ask why it is still here; absent where its number is no table's whole key. */
        names: z.object({ table: z.string(), key: z.array(z.string()) }).optional(),
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
        /** Absent where less may be seen now than then. */
        rows: z.int().optional(),
        /** There were more than `rows`, which are those that were kept. */
        more: z.boolean().optional(),
      }),
    ),
    /** Pass as `before` for the next page. */
    next: z.string().optional(),
  })
  .openapi('SearchList', { description: "A page of one's own searches, newest first." })
export type SearchList = z.infer<typeof SearchList>
