import type { Configuration, KoaContextWithOIDC, default as OidcProvider } from 'oidc-provider'
import type { Logger } from 'pino'
import { sendOnPage, signedOutPage, signOutPage, troublePage } from './html.ts'
import { type ProviderKeys, SIGNING_ALGORITHM } from './keys.ts'
import type { People } from './people.ts'
import type { StoredState } from './stored-state.ts'

export const EMBEDDED_AUDIENCE = 'urn:muniment:api'
export const EMBEDDED_CLIENT = 'muniment-web'
export const SCOPE = 'openid profile'
export const MOUNT = '/oidc'
export const signInPath = (uid: string): string => `${MOUNT}/sign-in/${uid}`

export const ACCESS_TOKEN_SECONDS = 10 * 60
/** How long one stays signed in at most, however often tokens are renewed. */
const SESSION_SECONDS = 12 * 3_600
const INTERACTION_SECONDS = 30 * 60

interface ProviderOptions {
  /** As browsers see the server. */
  origin: string
  people: People
  keys: ProviderKeys
  state: StoredState
  log: Logger
}

/** The embedded OpenID provider: one public client, its own, which is not asked for consent. */
export async function createProvider({ origin, people, keys, state, log }: ProviderOptions): Promise<OidcProvider> {
  const Provider = await loadProvider()
  const secure = origin.startsWith('https:')
  const provider = new Provider(`${origin}${MOUNT}`, {
    ...configurationOf(people, origin),
    adapter: (kind) => state.adapter(kind),
    jwks: { keys: keys.signing },
    cookies: {
      // Browsers do not tell ports apart: two servers on one machine would sign each other's people out.
      names: cookieNames(new URL(origin).port),
      keys: keys.cookies,
      long: { httpOnly: true, sameSite: 'strict', secure, signed: true, path: MOUNT, overwrite: true },
      short: { httpOnly: true, sameSite: 'strict', secure, signed: true, overwrite: true },
    },
  })
  // What stands in front speaks https; `handle` sets the headers that say so, and drops those that came.
  provider.proxy = true
  provider.on('server_error', (_ctx, error) => log.error({ err: error }, 'sign-in'))
  // The provider's own words for what it refused; they quote nothing that was sent.
  provider.on('grant.error', (_ctx, error) => log.warn({ why: error.error_description ?? error.error }, 'sign-in'))
  provider.on('authorization.error', (_ctx, error) =>
    log.warn({ why: error.error_description ?? error.error }, 'sign-in'),
  )
  return provider
}

const cookieNames = (port: string) => ({
  session: `muniment_session${port}`,
  interaction: `muniment_sign_in${port}`,
  resume: `muniment_resume${port}`,
})

function configurationOf(people: People, origin: string): Configuration {
  return {
    clients: [
      {
        client_id: EMBEDDED_CLIENT,
        client_name: 'Muniment',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [`${origin}/signed-in`],
        post_logout_redirect_uris: [`${origin}/signed-out`],
        id_token_signed_response_alg: SIGNING_ALGORITHM,
      },
    ],
    clientDefaults: { id_token_signed_response_alg: SIGNING_ALGORITHM },
    enabledJWA: { idTokenSigningAlgValues: [SIGNING_ALGORITHM] },
    responseTypes: ['code'],
    scopes: SCOPE.split(' '),
    // ID tokens come to stand in addresses when one signs out: no name in them.
    claims: { openid: ['sub'] },
    pkce: { required: () => true },
    clientBasedCORS: (_ctx, asking) => asking === origin,
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => true,
    interactions: { url: (_ctx, interaction) => signInPath(interaction.uid) },
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: 60,
      IdToken: ACCESS_TOKEN_SECONDS,
      Interaction: INTERACTION_SECONDS,
      // A session ends a fixed time after the sign-in, and what lives by it with it.
      Session: (_ctx, session) =>
        session.loginTs === undefined
          ? INTERACTION_SECONDS
          : Math.max(1, session.loginTs + SESSION_SECONDS - Math.floor(Date.now() / 1_000)),
      RefreshToken: SESSION_SECONDS,
      Grant: SESSION_SECONDS + 3_600,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      userinfo: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => EMBEDDED_AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '',
          audience: EMBEDDED_AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: ACCESS_TOKEN_SECONDS,
          jwt: { sign: { alg: SIGNING_ALGORITHM } },
        }),
      },
      rpInitiatedLogout: { enabled: true, logoutSource, postLogoutSuccessSource },
    },
    async findAccount(_ctx, id) {
      const person = await people.find(id)
      return person && { accountId: person.id, claims: () => ({ sub: person.id }) }
    },
    async extraTokenClaims(_ctx, token) {
      const person = 'accountId' in token && token.accountId ? await people.find(token.accountId) : undefined
      return person && { name: person.name, groups: person.groups }
    },
    /** The one client is ours. */
    async loadExistingGrant({ oidc }) {
      const clientId = oidc.client?.clientId ?? ''
      const accountId = oidc.session?.accountId ?? ''
      const known = oidc.session?.grantIdFor(clientId)
      const grant = known === undefined ? undefined : await oidc.provider.Grant.find(known)
      if (grant?.accountId === accountId) return grant
      const made = new oidc.provider.Grant({ clientId, accountId })
      made.addOIDCScope(SCOPE)
      await made.save()
      return made
    },
    async renderError(ctx, out) {
      ctx.type = 'html'
      ctx.body = await troublePage(
        out.error === 'server_error'
          ? 'Something failed here.'
          : 'This sign-in was begun too long ago, in another window, or not by Muniment.',
      )
    },
  }
}

/** Whoever shows an ID token of this session is our own page; anybody else is asked. */
async function logoutSource(ctx: KoaContextWithOIDC, form: string): Promise<void> {
  const { session, entities } = ctx.oidc
  const secret = /name="xsrf" value="([\w-]+)"/.exec(form)?.[1] ?? ''
  const action = ctx.oidc.urlFor('end_session_confirm')
  const isOurs = entities.IdTokenHint?.payload.sub === session?.accountId
  ctx.body = isOurs
    ? await sendOnPage('Signing out', action, { xsrf: secret, logout: 'yes' })
    : await signOutPage(action, secret)
}

async function postLogoutSuccessSource(ctx: KoaContextWithOIDC): Promise<void> {
  ctx.body = await signedOutPage()
}

/** It says at every start that Node 20 is old; whoever starts the server cannot mend that. */
async function loadProvider(): Promise<typeof OidcProvider> {
  const { warn } = console
  console.warn = () => {}
  try {
    return (await import('oidc-provider')).default
  } finally {
    console.warn = warn
  }
}
