// The whole journey of one member and one host, line by line as the checklist of the design has it.
import type { Checklist } from './checklist.ts'
import { newMobileNumber, Person, type World } from './person.ts'
import { bookSession } from './walk/book-session.ts'
import { completeSession } from './walk/complete-session.ts'
import { likeMember } from './walk/like-member.ts'
import { meetOnVideo } from './walk/meet-on-video.ts'
import { pay } from './walk/pay.ts'
import { selectHost } from './walk/select-host.ts'
import type { Silence, Walk } from './walk/walk.ts'

export async function walkJourney(world: World, { check }: Checklist, silence: Silence = {}): Promise<void> {
  const walk: Walk = { world, check, member: new Person(world, newMobileNumber()), silence }
  const { host, hostNumber } = await selectHost(walk)
  const { purchaseId, bookingId } = await pay(walk, host)
  const start = await bookSession(walk, host, bookingId)
  const hostPerson = new Person(world, hostNumber)
  await hostPerson.signIn()
  await hostPerson.consent()
  const live = await walk.member.listen()
  const session = { purchaseId, bookingId, start }
  const rooms = await meetOnVideo(walk, hostPerson, session, live.topics)
  await completeSession(walk, { host, hostPerson }, session, rooms)
  await likeMember(walk, { host, hostPerson }, live.topics)
  live.stop()
}
