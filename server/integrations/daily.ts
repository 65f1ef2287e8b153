// Daily's REST API in our words (https://docs.daily.co/reference/rest-api). We choose a room's name, so a second
// creation finds the first; tokens are harmless to make again.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { ProviderError } from '../lib/errors.ts'
import { type HttpAnswer, requestJson, statusIsAmbiguous } from './provider-error.ts'

export type DailyClient = Config['daily']

const failure = z.object({ error: z.string().optional(), info: z.string().optional() })

async function call(daily: DailyClient, method: string, path: string, body?: unknown): Promise<HttpAnswer> {
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

function parse<Output>(schema: z.ZodType<Output>, answer: HttpAnswer): Output {
  const parsed = schema.safeParse(answer.body)
  if (parsed.success) return parsed.data
  throw new ProviderError('daily', 'an answer of an unknown shape', { ambiguous: true, status: answer.status, cause: parsed.error })
}

const seconds = (moment: Date) => Math.floor(moment.getTime() / 1000)
const roomShape = z.object({ name: z.string(), url: z.url() })

export type NewRoom = { name: string; opensAt: Date; closesAt: Date }

/** Creates the private room, or finds the one that has this name already. Answers its address. */
export async function ensureDailyRoom(daily: DailyClient, room: NewRoom): Promise<{ url: string }> {
  try {
    const answer = await call(daily, 'POST', '/rooms', {
      name: room.name,
      privacy: 'private',
      properties: {
        nbf: seconds(room.opensAt),
        exp: seconds(room.closesAt),
        eject_at_room_exp: true,
        max_participants: 2,
        enable_prejoin_ui: false,
        enable_chat: true,
        enable_screenshare: true,
        start_video_off: false,
        start_audio_off: false,
      },
    })
    return { url: parse(roomShape, answer).url }
  } catch (error) {
    if (!(error instanceof ProviderError) || error.status !== 400) throw error
    const taken = await fetchDailyRoom(daily, room.name)
    if (!taken) throw error
    return taken
  }
}

export async function fetchDailyRoom(daily: DailyClient, name: string): Promise<{ url: string } | undefined> {
  try {
    return { url: parse(roomShape, await call(daily, 'GET', `/rooms/${name}`)).url }
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return undefined
    throw error
  }
}

/** Deletes the room; one that is gone or expired (404) is deleted already. */
export async function deleteDailyRoom(daily: DailyClient, name: string): Promise<void> {
  try {
    await call(daily, 'DELETE', `/rooms/${name}`)
  } catch (error) {
    if (!(error instanceof ProviderError) || error.status !== 404) throw error
  }
}

const tokenShape = z.object({ token: z.string().min(1) })

/** A token for one person and one room. `personId` is a bare UUID: Daily allows 36 characters. */
export async function createDailyToken(
  daily: DailyClient,
  token: { roomName: string; personId: string; displayName: string; isHost: boolean; opensAt: Date; closesAt: Date },
): Promise<string> {
  const answer = await call(daily, 'POST', '/meeting-tokens', {
    properties: {
      room_name: token.roomName,
      user_id: token.personId,
      user_name: token.displayName,
      is_owner: token.isHost,
      nbf: seconds(token.opensAt),
      exp: seconds(token.closesAt),
      eject_at_token_exp: true,
    },
  })
  return parse(tokenShape, answer).token
}

const meetings = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      start_time: z.number(),
      participants: z.array(
        z.object({ user_id: z.string().nullish(), participant_id: z.string(), join_time: z.number(), duration: z.number() }),
      ),
    }),
  ),
})

export type DailyStay = { personId: string | null; stayId: string; joinedAt: Date; leftAt: Date }

/** Everybody who was in the room, from Daily's own records: what lost webhooks did not tell. */
export async function fetchDailyStays(daily: DailyClient, roomName: string): Promise<DailyStay[]> {
  const answer = await call(daily, 'GET', `/meetings?room=${encodeURIComponent(roomName)}&limit=100`)
  return parse(meetings, answer).data.flatMap((meeting) =>
    meeting.participants.map((participant) => ({
      personId: participant.user_id ?? null,
      stayId: participant.participant_id,
      joinedAt: new Date(participant.join_time * 1000),
      leftAt: new Date((participant.join_time + participant.duration) * 1000),
    })),
  )
}

/** X-Webhook-Signature: base64 HMAC-SHA256, keyed with the decoded secret, of `timestamp.body` (milliseconds). */
export function isDailySignatureValid(
  daily: DailyClient,
  signature: string | undefined,
  timestamp: string | undefined,
  rawBody: string,
  receivedAt: Date,
): boolean {
  if (!signature || !timestamp || !/^[0-9]{10,16}$/.test(timestamp)) return false
  const key = Buffer.from(daily.webhookSecret, 'base64')
  const expected = createHmac('sha256', key).update(`${timestamp}.${rawBody}`).digest()
  const given = Buffer.from(signature, 'base64')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false
  return receivedAt.getTime() - Number(timestamp) <= oldestMs
}

const oldestMs = 5 * 60_000
