// Meeting tokens, made by Daily or signed here with the same key, so that joining waits for no service.
// https://docs.daily.co/docs/guides/privacy-and-security/self-signing-tokens
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { callDaily, type DailyClient, type DailyUrgency, parseDaily, unixSeconds } from './daily.ts'

/** For one person and one room. `personId` is a bare UUID: Daily allows 36 characters. */
export type NewToken = {
  roomName: string
  personId: string
  displayName: string
  opensAt: Date
  closesAt: Date
}

const tokenShape = z.object({ token: z.string().min(1) })

/** A token made by Daily. */
export async function createDailyToken(
  daily: DailyClient,
  token: NewToken,
  urgency: DailyUrgency = 'now',
): Promise<string> {
  const answer = await callDaily(daily, urgency, 'POST', '/meeting-tokens', {
    properties: {
      room_name: token.roomName,
      user_id: token.personId,
      user_name: token.displayName,
      // Only an owner may record, transcribe or let others in, and nobody is one.
      is_owner: false,
      nbf: unixSeconds(token.opensAt),
      exp: unixSeconds(token.closesAt),
      eject_at_token_exp: true,
    },
  })
  return parseDaily(tokenShape, answer).token
}

const jwtPart = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The same token without a call; `domainId` is what `domainOfToken` returns. */
export function signDailyToken(
  daily: DailyClient,
  domainId: string,
  token: NewToken,
  issuedAt: Date,
): string {
  const claims = {
    r: token.roomName,
    d: domainId,
    iat: unixSeconds(issuedAt),
    ud: token.personId,
    u: token.displayName,
    o: false,
    nbf: unixSeconds(token.opensAt),
    exp: unixSeconds(token.closesAt),
    ejt: true,
  }
  const text = `${jwtPart({ alg: 'HS256', typ: 'JWT' })}.${jwtPart(claims)}`
  return `${text}.${createHmac('sha256', daily.apiKey).update(text).digest('base64url')}`
}

const claimsShape = z.object({ d: z.string().min(1) })

/** The id of our domain, from a token that Daily made; undefined where it carries none. */
export function domainOfToken(token: string): string | undefined {
  try {
    return claimsShape.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).d
  } catch {
    return undefined
  }
}
