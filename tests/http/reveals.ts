// What the two sides of a session are told of each other: everything secret of both stands in the rows, and
// every answer to one side is searched for the other's.
import { addMinutes, now } from '../../server/lib/time.ts'
import type { Rows } from '../database/rows.ts'
import type { InProcessPerson } from '../people/in-process.ts'
import type { Sample } from '../people/samples.ts'

const secrets = {
  member: {
    fullName: 'Zebulon Quartermaine',
    email: 'zeb@quartermaine.example',
    customer: 'cus_ZebulonSecret',
    record: 'recZebulonSecret',
  },
  host: { email: 'private@host.example', calUsername: 'cal-name-of-the-host' },
}

type Asked = { method: string; path: string }
type Sides = {
  rows: Rows
  owners: { memberId: string; hostId: string }
  member: InProcessPerson
  host: InProcessPerson
  asked: Asked[]
  /** A valid request of this side, about rows of the two. */
  sample: (side: 'host' | 'member', asked: Asked) => Promise<Sample>
}

/** A sentence for every secret that an answer tells, and all that each side was told. */
export async function findReveals(sides: Sides) {
  const hidden = await plantSecrets(sides)
  const told: string[] = []
  const heard = { host: '', member: '' }
  for (const side of ['host', 'member'] as const) {
    const person = sides[side]
    const feed = await person.ask('POST', '/api/calendar-feed')
    const feedPath = /\/calendar\/[^"]+\.ics/.exec(JSON.stringify(feed))![0]
    for (const one of [...sides.asked, { method: 'GET', path: feedPath }]) {
      const { path, body } = await sides.sample(side, one)
      // A block of an earlier request kept the two apart.
      await sides.rows.run(
        `update blocks set lifted_at = $1, lifted_by = 'test', lift_reason = 'test' where lifted_at is null`,
        [now()],
      )
      const answer = await person.fetch(path, {
        method: one.method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      // A live stream never ends by itself.
      if (answer.headers.get('content-type')?.startsWith('text/event-stream')) {
        await answer.body?.cancel()
        continue
      }
      const text = await answer.text()
      heard[side] += text
      for (const word of hidden[side])
        if (text.includes(word)) told.push(`${one.method} ${one.path} tells the ${side} ${word}`)
    }
  }
  return { told, heardByHost: heard.host, heardByMember: heard.member }
}

/** Answers what is hidden from each side. */
async function plantSecrets({ rows, owners, member, host }: Sides) {
  await host.ask('POST', '/api/host/onboarding')
  await rows.run(
    `update members set full_name = $2, email = $3, stripe_customer_id = $4, airtable_record_id = $5
    where id = $1`,
    [
      owners.memberId,
      secrets.member.fullName,
      secrets.member.email,
      secrets.member.customer,
      secrets.member.record,
    ],
  )
  const [ofHost] = await rows.run<{ airtable_record_id: string; stripe_account_id: string }>(
    `update hosts set email = $2, cal_username = $3, cal_event_slug = $3 where id = $1
    returning airtable_record_id, stripe_account_id`,
    [owners.hostId, secrets.host.email, secrets.host.calUsername],
  )
  await rows.sold(owners, { state: 'completed', start: addMinutes(now(), -9_000) })
  await rows.run(
    `update bookings set outcome = 'held', attempt = 1, completed_at = $1 where state = 'completed'`,
    [now()],
  )
  await rows.run(
    `insert into likes (host_id, member_id, host_liked_at, member_liked_at) values ($1, $2, $3, $3)
    on conflict (host_id, member_id) do update set host_liked_at = $3, member_liked_at = $3`,
    [owners.hostId, owners.memberId, now()],
  )
  const personId = async ({ mobileNumber }: InProcessPerson) => {
    const [person] = await rows.run<{ id: string }>('select id from people where mobile_number = $1', [
      mobileNumber,
    ])
    return person!.id
  }
  return {
    host: [
      'Quartermaine',
      secrets.member.email,
      secrets.member.customer,
      secrets.member.record,
      member.mobileNumber.slice(1),
      await personId(member),
    ],
    member: [
      secrets.host.email,
      secrets.host.calUsername,
      ofHost!.stripe_account_id,
      ofHost!.airtable_record_id,
      host.mobileNumber.slice(1),
      await personId(host),
    ],
  }
}
