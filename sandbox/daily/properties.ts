// The properties a room and a meeting token may have, their types and defaults.
// https://docs.daily.co/reference/rest-api/rooms/config and .../meeting-tokens/config
import { isRecord } from './answers.ts'

type Kind = 'boolean' | 'integer' | 'number' | 'string' | 'object' | 'array'
export type PropertyTable = Record<string, Kind>

const named = (kind: Kind, names: string): PropertyTable =>
  Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, kind]),
  )

export const roomProperties: PropertyTable = {
  ...named('integer', 'nbf exp max_participants eject_after_elapsed'),
  ...named('number', 'sfu_switchover'),
  ...named(
    'string',
    `enable_recording lang meeting_join_hook geo rtmp_geo recordings_template signaling_impl`,
  ),
  ...named('object', 'recordings_bucket auto_transcription_settings transcription_bucket permissions'),
  ...named('array', 'streaming_endpoints'),
  ...named(
    'boolean',
    `enable_people_ui enable_pip_ui enable_emoji_reactions enable_hand_raising enable_prejoin_ui
    enable_live_captions_ui enable_network_ui enable_noise_cancellation_ui enable_breakout_rooms enable_knocking
    enable_screenshare enable_video_processing_ui enable_chat enable_shared_chat_history start_video_off start_audio_off
    owner_only_broadcast eject_at_room_exp enable_advanced_chat enable_hidden_participants enable_mesh_sfu
    enable_adaptive_simulcast enable_multiparty_adaptive_simulcast enforce_unique_user_ids
    experimental_optimize_large_calls disable_rtmp_geo_fallback enable_terse_logging enable_transcription_storage`,
  ),
}

export const tokenProperties: PropertyTable = {
  ...named('integer', 'nbf exp eject_after_elapsed'),
  ...named('string', 'room_name user_name user_id enable_recording redirect_on_meeting_exit lang'),
  ...named('object', 'start_cloud_recording_opts permissions'),
  ...named(
    'boolean',
    `eject_at_token_exp is_owner enable_screenshare start_video_off start_audio_off enable_prejoin_ui
    enable_live_captions_ui enable_recording_ui enable_terse_logging start_cloud_recording auto_start_transcription
    close_tab_on_exit knocking`,
  ),
}

/** A room's answer leaves out what equals its default. */
export const roomDefaults: Record<string, unknown> = {
  max_participants: 200,
  enable_screenshare: true,
  enable_video_processing_ui: true,
  enable_chat: false,
  enable_shared_chat_history: true,
  start_video_off: false,
  start_audio_off: false,
  owner_only_broadcast: false,
  eject_at_room_exp: false,
  enable_advanced_chat: false,
  enable_hidden_participants: false,
  sfu_switchover: 0.5,
  enable_adaptive_simulcast: true,
  enable_multiparty_adaptive_simulcast: false,
  enforce_unique_user_ids: false,
  lang: 'en',
  enable_terse_logging: false,
  enable_transcription_storage: false,
  disable_rtmp_geo_fallback: false,
}

/** What is wrong with the given properties, in words; undefined when nothing is. */
export function fault(given: Record<string, unknown>, table: PropertyTable): string | undefined {
  for (const [name, value] of Object.entries(given)) {
    const kind = table[name]
    if (!kind) return `unknown parameter '${name}'`
    if (value !== null && !isOf(value, kind)) return `property '${name}' should be a valid ${kind}`
  }
  return undefined
}

function isOf(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'boolean':
    case 'string':
    case 'number':
      return typeof value === kind
    case 'integer':
      return Number.isInteger(value)
    case 'object':
      return isRecord(value)
    case 'array':
      return Array.isArray(value)
  }
}
