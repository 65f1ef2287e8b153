// Daily's REST API in our words (https://docs.daily.co/reference/rest-api). We choose a room's name, so a
// second creation finds the first; tokens are harmless to make again.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Config } from '../config.ts'
import type { Rate } from '../calls/leaky-bucket.ts'
import { ProviderError } from '../lib/errors.ts'
import { type HttpAnswer, requestJson, statusIsAmbiguous } from './provider-error.ts'

/**
 * Who waits for a call: nobody yet, a session that is about to begin, somebody who is just joining, or a room
 * to be deleted.
 */
export type DailyUrgency = 'ahead' | 'soon' | 'now' | 'delete'

export type DailyClient = Config['daily'] & {
  /** Asked before every call, since Daily refuses more than 20 a second; false: do not call. */
  waitForRate?: (urgency: DailyUrgency) => Promise<boolean>
}

/**
 * Our calls' two paces over all processes, together at most 88 in any five seconds of the 100 that Daily
 * allows, so that who joins is never behind rooms of the next hour; deletions are counted apart, at most 46
 * of 50 in thirty seconds.
 */
const paces = {
  ahead: { lane: 'daily_ahead', everyMs: 100, atOnce: 5 },
  soon: { lane: 'daily_soon', everyMs: 200, atOnce: 8 },
  delete: { lane: 'daily_delete', everyMs: 700, atOnce: 4 },
} as const

/** Which turns a call may wait for, and how long. */
export const dailyRates: Record<DailyUrgency, { pace: Rate; patienceMs: number }[]> = {
  ahead: [{ pace: paces.ahead, patienceMs: 30_000 }],
  soon: [
    { pace: paces.soon, patienceMs: 500 },
    { pace: paces.ahead, patienceMs: 30_000 },
  ],
  now: [
    { pace: paces.soon, patienceMs: 800 },
    { pace: paces.ahead, patienceMs: 4_000 },
  ],
  delete: [{ pace: paces.delete, patienceMs: 20_000 }],
}

const failure = z.object({ error: z.string().optional(), info: z.string().optional() })

export async function callDaily(
  daily: DailyClient,
  urgency: DailyUrgency,
  method: string,
  path: string,
  body?: unknown,
): Promise<HttpAnswer> {
  if (daily.waitForRate && !(await daily.waitForRate(urgency))) {
    throw new ProviderError('daily', 'too many calls are waiting', {
      ambiguous: false,
      status: 429,
      code: 'own_limit',
    })
  }
  const answer = await requestJson('daily', `${daily.apiUrl}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${daily.apiKey}` },
    body,
  })
  if (answer.status < 400) return answer
  const said = failure.safeParse(answer.body)
  throw new ProviderError('daily', said.data?.info ?? said.data?.error ?? `status ${answer.status}`, {
    ambiguous: method !== 'GET' && statusIsAmbiguous(answer.status),
    status: answer.status,
    code: said.data?.error,
  })
}

export function parseDaily<Output>(schema: z.ZodType<Output>, answer: HttpAnswer): Output {
  const parsed = schema.safeParse(answer.body)
  if (parsed.success) return parsed.data
  throw new ProviderError('daily', 'an answer of an unknown shape', {
    ambiguous: true,
    status: answer.status,
    cause: parsed.error,
  })
}

export const unixSeconds = (moment: Date) => Math.floor(moment.getTime() / 1000)
const roomShape = z.object({ name: z.string(), url: z.url() })

export type NewRoom = { name: string; opensAt: Date; closesAt: Date }

/** Creates the private room, or finds the one that has this name already. Answers its address. */
export async function ensureDailyRoom(
  daily: DailyClient,
  room: NewRoom,
  urgency: DailyUrgency = 'now',
): Promise<{ url: string }> {
  try {
    const answer = await callDaily(daily, urgency, 'POST', '/rooms', {
      name: room.name,
      privacy: 'private',
      properties: {
        nbf: unixSeconds(room.opensAt),
        exp: unixSeconds(room.closesAt),
        eject_at_room_exp: true,
        max_participants: 2,
        // A second device or a reload takes the place of the first.
        enforce_unique_user_ids: true,
        enable_prejoin_ui: false,
        enable_chat: true,
        enable_screenshare: true,
        start_video_off: false,
        start_audio_off: false,
      },
    })
    return { url: parseDaily(roomShape, answer).url }
  } catch (error) {
    if (!(error instanceof ProviderError) || error.status !== 400) throw error
    const taken = await fetchDailyRoom(daily, room.name, urgency)
    if (!taken) throw error
    return taken
  }
}

export async function fetchDailyRoom(
  daily: DailyClient,
  name: string,
  urgency: DailyUrgency = 'now',
): Promise<{ url: string } | undefined> {
  try {
    return { url: parseDaily(roomShape, await callDaily(daily, urgency, 'GET', `/rooms/${name}`)).url }
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return undefined
    throw error
  }
}

/** Deletes the room; one that is gone or expired (404) is deleted already. */
export async function deleteDailyRoom(daily: DailyClient, name: string): Promise<void> {
  try {
    await callDaily(daily, 'delete', 'DELETE', `/rooms/${name}`)
  } catch (error) {
    if (!(error instanceof ProviderError) || error.status !== 404) throw error
  }
}

const meetings = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      start_time: z.number(),
      ongoing: z.boolean().nullish(),
      participants: z.array(
        z.object({
          user_id: z.string().nullish(),
          participant_id: z.string(),
          join_time: z.number(),
          duration: z.number().nullish(),
        }),
      ),
    }),
  ),
})

export type DailyStay = { personId: string | null; stayId: string; joinedAt: Date; leftAt: Date }
/** `isOngoing`: somebody is in the room now, whoever that is. */
export type DailyAttendance = { stays: DailyStay[]; isOngoing: boolean }

/**
 * Everybody who was in the room, from Daily's own records: what lost webhooks did not tell. Whole seconds.
 */
export async function fetchDailyAttendance(daily: DailyClient, roomName: string): Promise<DailyAttendance> {
  const answer = await callDaily(
    daily,
    'soon',
    'GET',
    `/meetings?room=${encodeURIComponent(roomName)}&limit=100`,
  )
  const { data } = parseDaily(meetings, answer)
  const stays = data.flatMap((meeting) =>
    meeting.participants.map((participant) => ({
      personId: participant.user_id ?? null,
      stayId: participant.participant_id,
      joinedAt: new Date(participant.join_time * 1000),
      leftAt: new Date((participant.join_time + (participant.duration ?? 0)) * 1000),
    })),
  )
  return { stays, isOngoing: data.some((meeting) => meeting.ongoing === true) }
}

/**
 * X-Webhook-Signature: base64 HMAC-SHA256, keyed with the decoded secret, of `timestamp.body` (milliseconds).
 */
export function isDailySignatureValid(
  daily: DailyClient,
  signature: string | undefined,
  timestamp: string | undefined,
  rawBody: string,
  receivedAt: Date,
): boolean {
  if (daily.webhookSecret === '' || !signature || !timestamp || !/^[0-9]{10,16}$/.test(timestamp))
    return false
  const key = Buffer.from(daily.webhookSecret, 'base64')
  const expected = createHmac('sha256', key).update(`${timestamp}.${rawBody}`).digest()
  const given = Buffer.from(signature, 'base64')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false
  return receivedAt.getTime() - Number(timestamp) <= oldestMs
}

const oldestMs = 5 * 60_000
