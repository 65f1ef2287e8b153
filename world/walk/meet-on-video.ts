import type { Bookings } from '../../server/journey/bookings/booking-view.ts'
import type { JoinAnswer } from '../../server/journey/rooms/room-view.ts'
import type { Prompts } from '../../server/journey/messages/prompts-view.ts'
import { addMinutes } from '../../server/lib/time.ts'
import { expect } from '../checklist.ts'
import { dailyRoom, enterRoom, moveClock, type Row, rowOf } from '../outside.ts'
import { type Person, phoneOf, waitFor, type World } from '../person.ts'
import { justAfter, smsWith, type Walk } from './walk.ts'

const phase = 'Phase 4, video'

export type Stay = Awaited<ReturnType<typeof enterRoom>>

/** Leaves both in the room. `topics` collects the live updates of the member's dashboard. */
export async function meetOnVideo(
  { world, check, member, silence }: Walk,
  hostPerson: Person,
  session: { bookingId: string; start: Date },
  topics: string[],
): Promise<{ memberRoom: Stay; hostRoom: Stay }> {
  const { bookingId, start } = session
  const smsBefore = (await phoneOf(world, member.mobileNumber)).length
  await check(phase, 'the room exists 15 minutes before', async () => {
    await moveClock(world, { to: justAfter(addMinutes(start, -15)) })
    const row = await waitFor('the room in Airtable', async () => {
      const one = await rowOf(world, 'Presence Operations', bookingId)
      return one?.fields['Video Room Status'] === 'Active' && one
    })
    const url = String(row.fields['Video Room URL'])
    const room = await dailyRoom(world, url.split('/').at(-1)!)
    expect(
      room.privacy === 'private' && room.config.max_participants === 2,
      'the room is not private for two',
    )
    expect(
      room.config.nbf === start.getTime() / 1000 - 900,
      'the room does not open 15 minutes before the start',
    )
    const sms = await smsWith(member, 'the reminder', smsBefore, '/video-session')
    return { room: room.name, url, reminder: sms.body }
  })
  const { memberRoom } = await check(phase, 'the member can join from the dashboard', async () => {
    await waitFor('the live update of the dashboard', async () => topics.includes('bookings'))
    const { upcoming } = await member.ask<Bookings>('GET', '/api/bookings')
    expect(
      upcoming.some((one) => one.id === bookingId && one.canJoin),
      'the dashboard does not offer to join',
    )
    const joining = await member.ask<JoinAnswer>('POST', `/api/bookings/${bookingId}/join`)
    const memberRoom = await enterRoom(world, joining.url!)
    return { role: joining.role, room: joining.url!.split('?')[0], memberRoom }
  })
  await check(phase, 'pre and post prompts show', async () => {
    const prompts = await member.ask<Prompts>('GET', `/api/bookings/${bookingId}/prompts`)
    expect(prompts.preSession.length > 0 && prompts.reflection.length > 0, 'a prompt is missing')
    expect(!JSON.stringify(prompts).includes('{{'), 'a placeholder reached a person')
    return { before: prompts.preSession[0], after: prompts.reflection[0] }
  })
  const { hostRoom } = await check(phase, 'join status is in Airtable', async () => {
    const joining = await hostPerson.ask<JoinAnswer>('POST', `/api/bookings/${bookingId}/join`)
    const hostRoom = await enterRoom(world, joining.url!)
    const row = silence.isDailySilent ? undefined : await bothJoined(world, bookingId)
    return {
      'Host Joined': row?.fields['Host Joined'] ?? 'later',
      'Member Joined': row?.fields['Member Joined'] ?? 'later',
      hostRoom,
    }
  })
  return { memberRoom, hostRoom }
}

/** Waits until Airtable shows both as joined, and answers the row. */
export function bothJoined(world: World, bookingId: string): Promise<Row> {
  return waitFor('both joined in Airtable', async () => {
    const one = await rowOf(world, 'Presence Operations', bookingId)
    return one?.fields['Host Joined'] === true && one.fields['Member Joined'] === true && one
  })
}
