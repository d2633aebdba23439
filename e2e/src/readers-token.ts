import { freshTokens } from '@muniment/rehearsal/rehearse/fresh-tokens'
import { type AwsSetting, personOf } from './setting.ts'
import { reader } from './signed-in.ts'

let tokens: ((person: string) => Promise<string>) | undefined

/** A token of the reader by the refresh token that Cognito gave. */
export function readersTokenInAws(aws: AwsSetting): Promise<string> {
  tokens ??= freshTokens(async (id) => {
    const { refreshToken } = personOf(aws, id)
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: aws.clientId,
      refresh_token: refreshToken,
    })
    const given = (await (await fetch(aws.token, { method: 'POST', body })).json()) as { access_token?: string }
    if (!given.access_token) throw new Error(`Cognito gave ${id} no token: ${JSON.stringify(given)}`)
    return given.access_token
  })
  return tokens(reader.id)
}
