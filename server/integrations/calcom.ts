// Cal.com's API v2 in our words (https://cal.com/docs/api-reference/v2): every call within its rate limit,
// and the signatures of webhooks. Each controller has its own cal-api-version.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { ProviderError } from '../lib/errors.ts'
import { type HttpAnswer, requestJson, statusIsAmbiguous } from './provider-error.ts'

export type CalcomClient = Config['calcom'] & {
  /** Asked before every call, since Cal.com refuses more than 120 a minute; false means: do not call. */
  allowCall?: (kind: 'read' | 'act') => Promise<boolean>
  /** The key is this host's own. */
  hostId?: string
  /** A key that was just typed: a refusal of it is an answer to whoever typed it. */
  isTried?: boolean
}
/** `username` is a person's name, or `team/` and a team's; behind an @ the organization of either. */
export type CalAccount = { username: string; eventSlug: string }

/** As slots and bookings name whose event type it is. */
export function ownerOf({ username }: CalAccount): Record<string, string> {
  const [name = '', organizationSlug] = username.split('@')
  const owner: Record<string, string> = name.startsWith('team/')
    ? { teamSlug: name.slice('team/'.length) }
    : { username: name }
  return organizationSlug ? { ...owner, organizationSlug } : owner
}

/** `none`: controllers that have one contract only. */
const versions = { slots: '2024-09-04', bookings: '2024-08-13', eventTypes: '2024-06-14', none: '' } as const

/** Of Cal.com's 120 calls a minute: how many all calls may take, and how many reads, which yield to acts. */
export const callsPerMinute = { read: 70, act: 110 } as const

const failure = z.object({ error: z.object({ code: z.string().optional(), message: z.string().optional() }) })

export async function callCalcom(
  calcom: CalcomClient,
  version: keyof typeof versions,
  method: string,
  path: string,
  body?: unknown,
): Promise<HttpAnswer> {
  if (calcom.allowCall && !(await calcom.allowCall(version === 'bookings' ? 'act' : 'read'))) {
    throw new ProviderError('calcom', 'too many calls this minute', {
      ambiguous: false,
      status: 429,
      code: 'own_limit',
    })
  }
  const answer = await requestJson('calcom', `${calcom.apiUrl}/v2${path}`, {
    method,
    headers: {
      authorization: `Bearer ${calcom.apiKey}`,
      ...(versions[version] ? { 'cal-api-version': versions[version] } : {}),
    },
    body,
    ...(calcom.hostId ? { hostId: calcom.hostId } : {}),
    ...(calcom.isTried ? { isExpected: true } : {}),
  })
  if (answer.status < 400) return answer
  const said = failure.safeParse(answer.body)
  throw new ProviderError('calcom', said.data?.error.message ?? `status ${answer.status}`, {
    ambiguous: method !== 'GET' && statusIsAmbiguous(answer.status),
    status: answer.status,
    code: said.data?.error.code,
  })
}

export function parseCalcom<Output>(
  schema: z.ZodType<Output>,
  answer: HttpAnswer,
  mayHaveActed: boolean,
): Output {
  const parsed = schema.safeParse(answer.body)
  if (parsed.success) return parsed.data
  throw new ProviderError('calcom', 'an answer of an unknown shape', {
    ambiguous: mayHaveActed,
    status: answer.status,
    cause: parsed.error,
  })
}

/** x-cal-signature-256: hex HMAC-SHA256 of the raw body. There is no time stamp and no event id. */
export function isCalcomSignatureValid(
  calcom: CalcomClient,
  signature: string | undefined,
  rawBody: string,
): boolean {
  if (!signature) return false
  const expected = Buffer.from(createHmac('sha256', calcom.webhookSecret).update(rawBody).digest('hex'))
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
