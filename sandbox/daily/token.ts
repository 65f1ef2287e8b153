// Meeting tokens: JSON Web Tokens signed with the API key, with Daily's short claim names, so that
// self-signed ones work too. https://docs.daily.co/docs/guides/privacy-and-security/self-signing-tokens
import { createHmac, timingSafeEqual } from 'node:crypto'
import { isRecord } from './answers.ts'

/** Long property name -> claim. Others are kept under their long name. */
const claimNames: Record<string, string> = {
  nbf: 'nbf',
  exp: 'exp',
  domain_id: 'd',
  room_name: 'r',
  user_id: 'ud',
  user_name: 'u',
  is_owner: 'o',
  knocking: 'k',
  close_tab_on_exit: 'ctoe',
  redirect_on_meeting_exit: 'rome',
  start_cloud_recording: 'sr',
  start_cloud_recording_opts: 'sro',
  auto_start_transcription: 'ast',
  enable_recording: 'er',
  enable_screenshare: 'ss',
  start_video_off: 'vo',
  start_audio_off: 'ao',
  eject_at_token_exp: 'ejt',
  eject_after_elapsed: 'eje',
  lang: 'uil',
  enable_recording_ui: 'erui',
  permissions: 'p',
}
const propertyNames = Object.fromEntries(
  Object.entries(claimNames).map(([property, claim]) => [claim, property]),
)

/** A token's properties under their long names, `domain_id` and `iat` included. */
export type TokenProperties = {
  room_name?: string
  domain_id?: string
  user_id?: string
  user_name?: string
  is_owner?: boolean
  nbf?: number
  exp?: number
  iat?: number
  eject_at_token_exp?: boolean
  eject_after_elapsed?: number
  start_video_off?: boolean
  start_audio_off?: boolean
  lang?: string
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const signature = (text: string, apiKey: string) => createHmac('sha256', apiKey).update(text).digest()

/** Makes a token of these properties; `iat` in Unix seconds. */
export function signToken(
  properties: Record<string, unknown>,
  domainId: string,
  iat: number,
  apiKey: string,
): string {
  const claims = { r: undefined, d: domainId, iat, ...renamed(properties, claimNames) }
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${text}.${signature(text, apiKey).toString('base64url')}`
}

/** The properties of a token signed with this API key; undefined for any other text. Ignores expiry. */
export function readToken(token: string, apiKey: string): TokenProperties | undefined {
  const [head, body, tail, ...rest] = token.split('.')
  if (!head || !body || !tail || rest.length > 0) return undefined
  const given = Buffer.from(tail, 'base64url')
  const right = signature(`${head}.${body}`, apiKey)
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
  try {
    const header: unknown = JSON.parse(Buffer.from(head, 'base64url').toString())
    const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString())
    if (!isRecord(header) || header['alg'] !== 'HS256' || !isRecord(claims)) return undefined
    return renamed(claims, propertyNames)
  } catch {
    return undefined
  }
}

function renamed(given: Record<string, unknown>, names: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [names[name] ?? name, value]),
  )
}
