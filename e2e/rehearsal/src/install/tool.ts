import { spawn } from 'node:child_process'
import { EquipmentError } from './errors.ts'

/** Runs a tool to its end and returns what it printed. */
export async function tool(command: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const printed: string[] = []
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    const endWithUs = () => child.kill('SIGTERM')
    process.on('exit', endWithUs)
    child.stdout.on('data', (chunk: Buffer) => printed.push(chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()))
    child.on('error', () => reject(new EquipmentError(`${command} is not installed, or not on the PATH.`)))
    child.on('close', (ended) => {
      process.off('exit', endWithUs)
      resolve(ended)
    })
  })
  const text = printed.join('')
  if (code === 0) return text
  throw new EquipmentError(`${command} ${args.slice(0, 3).join(' ')} ended with ${code}:\n${text.trim().slice(-2000)}`)
}
