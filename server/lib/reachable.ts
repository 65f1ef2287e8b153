// Which addresses of ours a service can call, as far as the form tells.

/** Whether a service at `serviceUrl` can reach an address of ours, as far as the form tells. */
export function isReachable(address: string, serviceUrl: string): boolean {
  const { hostname, protocol } = new URL(address)
  if (isLocal(new URL(serviceUrl).hostname)) return true
  return protocol === 'https:' && !isLocal(hostname) && !isPrivate(hostname) && hostname.includes('.')
}

const isLocal = (hostname: string) => /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname)
const isPrivate = (hostname: string) =>
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.)/.test(hostname) ||
  /\.(?:local|internal|invalid|test)$/.test(hostname)
