// Runs at CloudFront: an address of the application's own router is answered with its page. As api/src/web/files.ts does it.
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it
function handler(event) {
  const request = event.request
  const uri = request.uri
  const name = uri.slice(uri.lastIndexOf('/') + 1)
  const isFile = name.lastIndexOf('.') > 0
  const isAsset = uri === '/assets' || uri.startsWith('/assets/')
  if (!isFile && !isAsset) request.uri = '/index.html'
  return request
}
