// Which addresses Twilio would reach. The host of the application stands for everything public.
import { isIP } from 'node:net'

/** Loopback, private and link-local addresses, and names without a dot or only for one network. */
export function isPublicAddress(address: string, appUrl: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  if (protocol !== 'http:' && protocol !== 'https:') return false
  if (URL.canParse(appUrl) && new URL(appUrl).hostname === hostname) return true
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) === 4) return !/^(0|10|127|169\.254|172\.(1[6-9]|2\d|3[01])|192\.168)\./.test(host)
  if (isIP(host) === 6) return !/^(::1?$|f[cd]|fe80)/i.test(host)
  return host.includes('.') && !/\.(local|localhost|internal|test)$/.test(host)
}
