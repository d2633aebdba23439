import { MunimentError, OperatorError } from '../errors.ts'

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

const SENTENCES: Record<string, string> = {
  ENOSPC: 'the disk is full: {what} was not written; nothing was lost. Free some space and try again',
  EDQUOT: 'the disk quota is used up: {what} was not written; nothing was lost. Free some space and try again',
  EACCES: 'no permission for {what}: the folder must belong to the user that runs Muniment',
  EPERM: 'no permission for {what}: the folder must belong to the user that runs Muniment',
  EROFS: '{what} is on a file system that is mounted read-only',
  EMFILE: 'too many files are open to work on {what}; raise the limit (ulimit -n)',
  ENFILE: 'too many files are open to work on {what}; raise the limit of the machine',
  EIO: 'the disk failed at {what}; look at the system log before anything is written again',
  ENAMETOOLONG: 'the name of {what} is too long for this file system',
  ENOTDIR: '{what} cannot be kept: a part of its path is a file',
  EISDIR: '{what} cannot be kept: there is a folder in its place',
  EXDEV: '{what} is on another file system than .work; a data folder must be one file system',
}

/** What the operating system says, as a sentence for the operator; errors of our own pass. */
export function fileError(error: unknown, what: string): MunimentError {
  if (error instanceof MunimentError) return error
  const code = codeOf(error) ?? ''
  const sentence = SENTENCES[code] ?? '{what} could not be read or written ({code})'
  const start = sentence.startsWith('{') ? '' : sentence.charAt(0).toUpperCase()
  const message = `${start}${sentence.slice(start.length)}.`
    .replace('{what}', () => what)
    .replace('{code}', code || 'unknown')
  return new OperatorError(message, { cause: error, detail: { code } })
}
