import type { Problem } from '@muniment/api/contract'
import { ApiError } from '../api/http.ts'
import { text } from './text.ts'

const unknown: Problem = {
  type: 'about:blank',
  title: 'Something went wrong',
  status: 0,
  detail: 'The page could not finish this. Nothing in the archive was changed.',
}

export const problemOf = (error: unknown): Problem => (error instanceof ApiError ? error.problem : unknown)

interface ProblemNoteProps {
  problem: Problem
  onRetry?: () => void
}

/** What happened, what was kept, who can help, and the id to give them. */
export function ProblemNote({ problem, onRetry }: ProblemNoteProps) {
  return (
    <div className="problem" role="alert">
      <p className="problem__title">{problem.title}</p>
      <p>{problem.detail}</p>
      {problem.instance ? (
        <p className="problem__id">
          {text.errorId}: <code>{problem.instance}</code>
        </p>
      ) : null}
      {onRetry ? (
        <button type="button" className="button" onClick={onRetry}>
          {text.tryAgain}
        </button>
      ) : null}
    </div>
  )
}
