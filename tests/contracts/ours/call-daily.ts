import { fetchDailyDomain, listDailyWebhooks } from '../../../server/integrations/daily-setup.ts'
import {
  deleteDailyRoom,
  ensureDailyRoom,
  fetchDailyAttendance,
  fetchDailyRoom,
} from '../../../server/integrations/daily-rooms.ts'
import { createDailyToken, domainOfToken, signDailyToken } from '../../../server/integrations/daily-tokens.ts'
import { must } from '../use/world.ts'
import { minuteMs } from '../../../server/lib/time.ts'
import type { Ours } from './clients.ts'

export async function callDaily({ clients: { daily }, outside, at }: Ours): Promise<void> {
  const room = { name: 'booking-1-1', opensAt: await at(0), closesAt: await at(60 * minuteMs) }
  must((await fetchDailyDomain(daily)).name === 'presence', 'the domain has another name')
  must((await listDailyWebhooks(daily)).length === 1, 'there is no webhook')
  const { url } = await ensureDailyRoom(daily, room)
  must((await ensureDailyRoom(daily, room)).url === url, 'a repeat makes another room')
  must((await fetchDailyRoom(daily, room.name))?.url === url, 'a room is not found again')
  const wanted = {
    roomName: room.name,
    personId: '01a2044b-d7fb-777a-8b75-ca178f55cec9',
    displayName: 'Sam',
    opensAt: room.opensAt,
    closesAt: room.closesAt,
  }
  const made = await createDailyToken(daily, wanted)
  const signed = signDailyToken(daily, domainOfToken(made)!, wanted, await at(0))
  for (const token of [made, signed]) {
    const { status, body } = await outside.control('POST', `/daily/rooms/${room.name}/join`, { token })
    must(status === 200, `a token is refused: ${JSON.stringify(body)}`)
    // Daily's records have nothing of stays under 10 seconds.
    await outside.advance(11_000)
    await outside.control('POST', `/daily/rooms/${room.name}/leave`, { sessionId: body.sessionId })
  }
  must((await fetchDailyAttendance(daily, room.name)).stays.length === 2, 'a stay is not known')
  await deleteDailyRoom(daily, room.name)
  await deleteDailyRoom(daily, room.name)
  must((await fetchDailyRoom(daily, room.name)) === undefined, 'a deleted room is there')
  await ensureDailyRoom(daily, { ...room, name: 'booking-1-2' })
  await outside.advance(61 * minuteMs)
  await deleteDailyRoom(daily, 'booking-1-2')
}
