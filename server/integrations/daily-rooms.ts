// Video rooms at Daily, and who was in them. We choose a room's name, so creating a room twice finds the
// first.
import { z } from 'zod'
import { ProviderError } from '../lib/errors.ts'
import { callDaily, type DailyClient, type DailyUrgency, parseDaily, unixSeconds } from './daily.ts'

const roomShape = z.object({ name: z.string(), url: z.url() })

export type NewRoom = { name: string; opensAt: Date; closesAt: Date }

/** Creates the private room, or finds the existing one with this name. Returns its address. */
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
        // A second device or a reload replaces the first.
        enforce_unique_user_ids: true,
        enable_prejoin_ui: false,
        enable_chat: true,
        enable_screenshare: true,
        start_video_off: false,
        start_audio_off: false,
        // By name, since the domain's defaults would count otherwise.
        enable_knocking: false,
        enable_live_captions_ui: false,
        enable_transcription_storage: false,
        lang: 'en',
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

/** Deletes the room. A 404 counts as success: the room is deleted or expired already. */
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

type DailyStay = { personId: string | null; stayId: string; joinedAt: Date; leftAt: Date }
/** `isOngoing`: somebody is in the room now. */
export type DailyAttendance = { stays: DailyStay[]; isOngoing: boolean }

const presence = z.object({ total_count: z.int() })

/** Daily's records of meetings are late; only this says who is inside now. */
async function isAnybodyInside(daily: DailyClient, roomName: string): Promise<boolean> {
  try {
    // One page is enough: only whether there is anybody matters.
    const answer = await callDaily(
      daily,
      'soon',
      'GET',
      `/rooms/${encodeURIComponent(roomName)}/presence?limit=1`,
      undefined,
      [404],
    )
    return parseDaily(presence, answer).total_count > 0
  } catch (error) {
    // An expired room is deleted, and nobody is in it.
    if (error instanceof ProviderError && error.status === 404) return false
    throw error
  }
}

/**
 * Everybody who was in the room, by Daily's own records. Covers lost webhooks. They are coarse: joining times
 * are right to about 15 seconds, and stays under 10 seconds are missing.
 */
export async function fetchDailyAttendance(daily: DailyClient, roomName: string): Promise<DailyAttendance> {
  // One page is enough: a room of ten minutes does not have a hundred meetings.
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
  return { stays, isOngoing: await isAnybodyInside(daily, roomName) }
}
