import type { MiddlewareHandler } from 'hono'

interface PolicyOptions {
  /** Origins besides our own that pages may talk to. */
  connectTo?: readonly string[]
  formAction?: "'none'" | "'self'"
}

const policy = ({ connectTo = [], formAction = "'none'" }: PolicyOptions): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${["'self'", ...connectTo].join(' ')}`,
    "manifest-src 'self'",
    `form-action ${formAction}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types dompurify',
  ].join('; ')

export const securityHeaderList = (options: PolicyOptions = {}): readonly (readonly [string, string])[] => [
  ['Content-Security-Policy', policy(options)],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Cross-Origin-Embedder-Policy', 'require-corp'],
  [
    'Permissions-Policy',
    'camera=(), geolocation=(), microphone=(), payment=(), usb=(), display-capture=(), browsing-topics=()',
  ],
  ['Referrer-Policy', 'no-referrer'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
]

/** Two years, without subdomains: the host's owner answers for those. */
export const strictTransport = ['Strict-Transport-Security', 'max-age=63072000'] as const

/** On every answer; what the API says is kept by no cache unless the answer says otherwise. */
export const securityHeaders = (options: PolicyOptions & { https?: boolean } = {}): MiddlewareHandler => {
  const always = securityHeaderList(options)
  const headers = options.https ? [...always, strictTransport] : always
  return async (c, next) => {
    await next()
    const answer = c.res.headers
    for (const [name, value] of headers) answer.set(name, value)
    if (!answer.has('Cache-Control')) answer.set('Cache-Control', 'no-store')
  }
}
