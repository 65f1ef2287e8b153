// The database has the last word: whatever a verb forgets, two who are kept apart do not meet.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../server/lib/ids.ts'
import { type FreshDatabase, freshDatabase } from '../harness/database.ts'
import { baseTime, minutesLater, openRows, type Rows } from './rows.ts'

let database: FreshDatabase
let rows: Rows
beforeAll(async () => {
  database = await freshDatabase()
  rows = await openRows(database.url)
})
afterAll(async () => {
  await rows?.close()
  await database?.drop()
})

type Pair = { memberId: string; hostId: string }
const people = async (): Promise<Pair> => ({ memberId: await rows.member(), hostId: await rows.host() })

async function block({ hostId, memberId }: Pair): Promise<string> {
  const id = newId()
  await rows.run(
    `insert into blocks (id, host_id, member_id, set_by, created_at) values ($1, $2, $3, 'member', $4)`,
    [id, hostId, memberId, baseTime],
  )
  return id
}

const lift = (id: string, reason = 'They both asked for it') =>
  rows.run(`update blocks set lifted_at = $2, lifted_by = 'op', lift_reason = $3 where id = $1`, [
    id,
    baseTime,
    reason,
  ])

const like = ({ hostId, memberId }: Pair, side: 'host' | 'member') =>
  rows.run(`insert into likes (host_id, member_id, ${side}_liked_at) values ($1, $2, $3)`, [
    hostId,
    memberId,
    baseTime,
  ])

const reserve = (bookingId: string, { hostId }: Pair) =>
  rows.run(
    `insert into slot_reservations (booking_id, host_id, start_at, end_at, release_at) values ($1, $2, $3, $4, $4)`,
    [bookingId, hostId, baseTime, minutesLater(10)],
  )

/** Everything that brings two people together, as one statement on rows that were there before the block. */
const meetings: [string, (pair: Pair, old: { pending: string }) => Promise<unknown>][] = [
  ['a new purchase', (pair) => rows.purchase(pair)],
  [
    'a time for a session that was paid before',
    (_pair, { pending }) =>
      rows.run(`update bookings set state = 'created', start_at = $2, end_at = $3 where id = $1`, [
        pending,
        baseTime,
        minutesLater(10),
      ]),
  ],
  ['a reserved time', (pair, { pending }) => reserve(pending, pair)],
  ["a host's like", (pair) => like(pair, 'host')],
  ["a member's like", (pair) => like(pair, 'member')],
]

test.each(meetings)(
  'the database refuses %s of two who are kept apart, and allows it again after lifting',
  async (_what, meet) => {
    const pair = await people()
    const old = { pending: await rows.sold(pair) }
    const id = await block(pair)
    await expect(meet(pair, old)).rejects.toMatchObject({ constraint: 'no_meeting_of_a_blocked_pair' })
    await lift(id)
    await meet(pair, old)
  },
)

test('a session of a pack cannot be given to a host who is kept apart', async () => {
  const pair = await people()
  const pending = await rows.sold({ ...pair, hostId: await rows.host() })
  await block(pair)
  await expect(
    rows.run(
      `update bookings set host_id = $2, state = 'created', start_at = $3, end_at = $4 where id = $1`,
      [pending, pair.hostId, baseTime, minutesLater(10)],
    ),
  ).rejects.toMatchObject({ constraint: 'no_meeting_of_a_blocked_pair' })
})

test('what is paid stays granted, and what is over stays as it was', async () => {
  const pair = await people()
  const [purchaseId, created] = [await rows.purchase(pair), await rows.sold(pair, { start: baseTime })]
  await block(pair)
  await rows.booking({ ...pair, purchaseId })
  await rows.run(`update bookings set outcome = 'held', state = 'completed' where id = $1`, [created])
})

test('a host who is listed anew under the same number, and a member who became a host, stay apart', async () => {
  const pair = await people()
  await block(pair)
  await rows.run(`update hosts set mobile_number = '+61499999991' where id = $1`, [pair.hostId])
  const [again, asHost] = [await rows.host(), await rows.host()]
  await rows.run(`update hosts set status = 'Inactive' where id = $1`, [pair.hostId])
  await rows.run(`update hosts set mobile_number = '+61499999991' where id = $1`, [again])
  await rows.run(
    'update hosts set mobile_number = (select mobile_number from members where id = $1) where id = $2',
    [pair.memberId, asHost],
  )
  const asMember = await rows.member()
  await rows.run(`update members set mobile_number = '+61499999991' where id = $1`, [asMember])
  for (const other of [
    { memberId: pair.memberId, hostId: again },
    { memberId: asMember, hostId: asHost },
  ])
    await expect(rows.purchase(other)).rejects.toMatchObject({ constraint: 'no_meeting_of_a_blocked_pair' })
})

test('a message about two who are kept apart is dropped, unless it says that their session is off', async () => {
  const pair = await people()
  await block(pair)
  const write = async (template: string) => {
    const id = newId()
    const [row] = await rows.run<{ status: string }>(
      `insert into messages (id, key, template, recipient, mobile_number, body, status, useful_until, created_at, host_id, member_id)
      values ($1, $2, $3, 'member', '+61400000000', 'text', 'waiting', $4, $4, $5, $6) returning status`,
      [id, id, template, baseTime, pair.hostId, pair.memberId],
    )
    return row!.status
  }
  for (const template of ['Session Reminder', 'Mutual Like', 'Session Thank You', 'Booking Confirmation'])
    expect(await write(template), template).toBe('dropped')
  for (const template of ['Session Ended', 'Session Cancelled'])
    expect(await write(template), template).toBe('waiting')
})

test('a meeting waits for a block that is being set, and then sees it', async () => {
  const pair = await people()
  const setting = await rows.pool.connect()
  await setting.query('begin')
  await setting.query(
    `insert into blocks (id, host_id, member_id, set_by, created_at) values ($1, $2, $3, 'member', $4)`,
    [newId(), pair.hostId, pair.memberId, baseTime],
  )
  const meeting = like(pair, 'host').catch((error: unknown) => error)
  await setting.query('select pg_sleep(0.2)')
  await setting.query('commit')
  setting.release()
  expect(await meeting).toMatchObject({ constraint: 'no_meeting_of_a_blocked_pair' })
})

test('a block is never deleted, is lifted once, and only with a reason', async () => {
  const id = await block(await people())
  await expect(rows.run('delete from blocks where id = $1', [id])).rejects.toThrow('a block is kept')
  await expect(lift(id, '  ')).rejects.toMatchObject({ code: '23514' })
  await expect(
    rows.run('update blocks set lifted_at = $2 where id = $1', [id, baseTime]),
  ).rejects.toMatchObject({
    code: '23514',
  })
  await lift(id)
  await expect(lift(id, 'another reason')).rejects.toThrow('lifted only once')
})
