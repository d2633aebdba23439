import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '@muniment/archive/errors'
import { lineOf, lineOfSyntaxError } from '@muniment/archive/json-lines'
import { patternProblem } from '@muniment/query-templates/pattern'
import { z } from 'zod'
import type { PurposeReason } from './contract.ts'
import defaults from './purposes.json' with { type: 'json' }
import { longestReference, type RequestReference, usualReference } from './shared/purposes.ts'

/** For what people may search: the reasons to choose from, and what a request's reference looks like. */
export interface Purposes {
  reasons: PurposeReason[]
  requests: RequestReference
}

const fileName = 'purposes.json'

const File = z.strictObject({
  reasons: z
    .array(
      z.strictObject({
        code: z
          .string()
          .regex(/^[a-z][a-z0-9-]{1,59}$/, 'a code has small letters, digits and hyphens')
          // So the log calls what has a reference.
          .refine((code) => code !== 'request', '"request" is what the log calls a request with a reference'),
        label: z.string().trim().min(1).max(100),
        description: z.string().trim().min(1).max(500),
        sentence: z.boolean().optional(),
      }),
    )
    .min(1)
    .refine((list) => new Set(list.map(({ code }) => code)).size === list.length, 'a code is there twice'),
  requests: z
    .strictObject({
      regex: z.string().superRefine((regex, context) => {
        const problem = patternProblem(regex, longestReference)
        if (problem !== undefined) context.addIssue(problem)
      }),
      message: z.string().trim().min(1),
    })
    .optional(),
})

export const usualPurposes: Purposes = { reasons: defaults, requests: usualReference }

/** Those of the data folder's `purposes.json`, else the usual ones. Throws OperatorError with `detail.findings` (file, line, message). */
export async function readPurposes(home: string): Promise<Purposes> {
  const file = join(home, fileName)
  try {
    return purposesIn(await readFile(file, 'utf8'), file)
  } catch (cause) {
    if (cause instanceof OperatorError) throw cause
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return usualPurposes
    throw new OperatorError(`The purposes in ${file} cannot be read.`, { cause })
  }
}

/** Those of the text of a `purposes.json`; the usual ones where there is none. Throws as `readPurposes`. */
export function purposesIn(text: string | undefined, file = fileName): Purposes {
  if (text === undefined) return usualPurposes
  const fail = (findings: { message: string; line?: number | undefined }[]): never => {
    const said = findings.map(({ message, line }) => ({ file, message, ...(line !== undefined && { line }) }))
    throw new OperatorError(`The purposes in ${file} would not do: ${said[0]?.message}.`, {
      detail: { findings: said },
    })
  }
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    return fail([{ message: 'this is not JSON', line: lineOfSyntaxError(text, error) }])
  }
  const parsed = File.safeParse(value)
  if (!parsed.success)
    return fail(
      parsed.error.issues.map(({ path, message }) => ({
        message: path.length > 0 ? `${path.map(String).join(' ')}: ${message}` : message,
        line: lineOf(text, path),
      })),
    )
  const { reasons, requests = usualReference } = parsed.data
  return {
    reasons: reasons.map(({ sentence, ...reason }) => ({ ...reason, ...(sentence !== undefined && { sentence }) })),
    requests,
  }
}
