/** Names of the environment variables that say who signs in and where; read once, in a function that fails at start. */
import { OperatorError } from '../errors.ts'

export const ISSUER_VARIABLE = 'MUNIMENT_ISSUER'
export const AUDIENCE_VARIABLE = 'MUNIMENT_AUDIENCE'
export const CLIENT_ID_VARIABLE = 'MUNIMENT_CLIENT_ID'
export const GROUPS_CLAIM_VARIABLE = 'MUNIMENT_GROUPS_CLAIM'
export const AUDIENCE_CLAIM_VARIABLE = 'MUNIMENT_AUDIENCE_CLAIM'
export const TOKEN_TYPE_VARIABLE = 'MUNIMENT_TOKEN_TYPE'
export const SCOPE_VARIABLE = 'MUNIMENT_SCOPE'
export const ORIGIN_VARIABLE = 'MUNIMENT_ORIGIN'
export const HOST_VARIABLE = 'HOST'
export const PROXIES_VARIABLE = 'MUNIMENT_TRUSTED_PROXIES'
export const RECORDS_CLAIM_VARIABLE = 'MUNIMENT_RECORDS_CLAIM'
/** The token that commands of the command line act by. */
export const TOKEN_VARIABLE = 'MUNIMENT_TOKEN'

/** An OpenID provider that is not ours. */
export interface IssuerSettings {
  issuer: string
  audience: string
  clientId: string
  groupsClaim: string
  /** Claim that holds the person's own records, as a list of `application:table:key`. */
  recordsClaim?: string
  audienceClaim: 'aud' | 'client_id'
  tokenType: 'at+jwt' | 'any'
  scope: string
}

export interface SignInSettings {
  /** Address to listen on. */
  host: string
  /** As browsers see the server, where that is not its port on this machine. */
  origin?: string
  /** Addresses and networks (10.0.0.0/8) of what stands before the server and is believed in `X-Forwarded-For`. */
  trustedProxies?: string[]
  issuer?: IssuerSettings
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)

/** Throws OperatorError in a sentence where the variables do not go together. */
export function readSignInSettings(env: NodeJS.ProcessEnv = process.env): SignInSettings {
  const host = env[HOST_VARIABLE] || '127.0.0.1'
  const origin = env[ORIGIN_VARIABLE] ? readOrigin(env[ORIGIN_VARIABLE]) : undefined
  if (!isLoopback(host) && origin === undefined)
    throw new OperatorError(
      `${HOST_VARIABLE}=${host} offers the archive to other machines: say in ${ORIGIN_VARIABLE} under which https address ` +
        'they reach it. Something in front of this server has to speak https.',
    )
  const issuer = readIssuer(env)
  const proxies = (env[PROXIES_VARIABLE] ?? '').split(',').flatMap((one) => one.trim() || [])
  return {
    host,
    ...(origin !== undefined && { origin }),
    ...(proxies.length > 0 && { trustedProxies: proxies }),
    ...(issuer && { issuer }),
  }
}

function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (url && secure && (url.origin === text || `${url.origin}/` === text)) return url.origin
  throw new OperatorError(
    `${ORIGIN_VARIABLE}=${text} is no address of a server: give https://, the name and nothing behind it, as in https://archive.example.`,
  )
}

function readIssuer(env: NodeJS.ProcessEnv): IssuerSettings | undefined {
  const issuer = env[ISSUER_VARIABLE]
  const [audience, clientId] = [env[AUDIENCE_VARIABLE], env[CLIENT_ID_VARIABLE]]
  if (!issuer) {
    const idle = [
      AUDIENCE_VARIABLE,
      CLIENT_ID_VARIABLE,
      GROUPS_CLAIM_VARIABLE,
      RECORDS_CLAIM_VARIABLE,
      AUDIENCE_CLAIM_VARIABLE,
      TOKEN_TYPE_VARIABLE,
      SCOPE_VARIABLE,
    ].filter((name) => env[name])
    if (idle.length === 0) return undefined
    throw new OperatorError(`${idle.join(' and ')} is set without ${ISSUER_VARIABLE}: name the issuer, or neither.`)
  }
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))))
    throw new OperatorError(`${ISSUER_VARIABLE}=${issuer} is no https address of an OpenID provider.`)
  if (!audience || !clientId)
    throw new OperatorError(
      `${ISSUER_VARIABLE} needs ${AUDIENCE_VARIABLE} (what its access tokens are for) and ${CLIENT_ID_VARIABLE} (the web application there).`,
    )
  const audienceClaim = oneOf(env, AUDIENCE_CLAIM_VARIABLE, ['aud', 'client_id'])
  const tokenType = oneOf(env, TOKEN_TYPE_VARIABLE, ['at+jwt', 'any'])
  if (tokenType === 'any' && audienceClaim === 'aud' && audience === clientId)
    throw new OperatorError(
      `${TOKEN_TYPE_VARIABLE}=any needs an ${AUDIENCE_VARIABLE} other than ${CLIENT_ID_VARIABLE}: ID tokens would pass as access tokens.`,
    )
  return {
    issuer,
    audience,
    clientId,
    groupsClaim: env[GROUPS_CLAIM_VARIABLE] || 'groups',
    ...(env[RECORDS_CLAIM_VARIABLE] && { recordsClaim: env[RECORDS_CLAIM_VARIABLE] }),
    audienceClaim,
    tokenType,
    scope: env[SCOPE_VARIABLE] || 'openid profile',
  }
}

function oneOf<const T extends string>(env: NodeJS.ProcessEnv, name: string, choices: readonly [T, ...T[]]): T {
  const text = env[name] || choices[0]
  const found = choices.find((choice) => choice === text)
  if (found !== undefined) return found
  throw new OperatorError(`${name}=${text} is neither ${choices.join(' nor ')}.`)
}
