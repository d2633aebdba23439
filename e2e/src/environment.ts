/** How the set-up tells the workers where the server is. */
export const serverUrl = 'MUNIMENT_E2E_URL'
export const serversHome = 'MUNIMENT_E2E_HOME'

export function required(name: string): string {
  const value = process.env[name]
  if (value) return value
  throw new Error(`${name} is not set: run the browser tests by \`npm test\` or \`npm run e2e\`.`)
}
