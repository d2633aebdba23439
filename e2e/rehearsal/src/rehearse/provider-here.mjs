// Loaded before a function's code: what it fetches from Cognito's own address is fetched from what plays it.
const cognito = /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com/
const reach = globalThis.fetch

globalThis.fetch = (input, options) => {
  const address = typeof input === 'string' ? input : (input.url ?? String(input))
  return cognito.test(address)
    ? reach(address.replace(cognito, process.env.AWS_ENDPOINT_URL), options)
    : reach(input, options)
}
