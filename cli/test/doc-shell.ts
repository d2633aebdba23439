import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { CHECKOUT } from './doc-blocks.ts'

export interface ShellResult {
  code: number
  stdout: string
  stderr: string
}

export interface DocShell {
  /** `strict` stops at the first command that fails. */
  run(block: string, options?: { strict?: boolean }): Promise<ShellResult>
}

/** Runs the blocks of a page as one terminal in the checkout would, with temporary folders below `folder`. */
export function docShell(folder: string): DocShell {
  const state = join(folder, 'variables')
  const { MUNIMENT_HOME: _home, MUNIMENT_TEMPLATES: _templates, ...inherited } = process.env
  // A registry that does not answer is to be known in seconds.
  const pip = { PIP_RETRIES: '0', PIP_DEFAULT_TIMEOUT: '10', PIP_DISABLE_PIP_VERSION_CHECK: '1' }
  const env = { ...inherited, ...pip, TMPDIR: folder, STATE: state }
  return {
    run(block, { strict = false } = {}) {
      // What a block sets, the next one finds.
      const script = `if [ -f "$STATE" ]; then . "$STATE"; fi
trap 'declare -p NYC MUNIMENT_HOME > "$STATE" 2> /dev/null || true' EXIT
${strict ? 'set -e\n' : ''}${block}`
      return new Promise((resolve) => {
        const child = spawn('bash', ['-c', script], { cwd: CHECKOUT, env, stdio: ['ignore', 'pipe', 'pipe'] })
        let stdout = ''
        let stderr = ''
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          stdout += text
        })
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          stderr += text
        })
        child.on('error', (error) => resolve({ code: 127, stdout, stderr: error.message }))
        child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }))
      })
    },
  }
}
