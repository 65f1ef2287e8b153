import { afterAll, beforeAll, expect, test } from 'vitest'
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

const people = async () => ({ memberId: await rows.member(), hostId: await rows.host() })

test.each([
  ['the same time', 0, 10],
  ['a time that begins within', 5, 10],
  ['a time that ends within', -5, 10],
  ['a time that lies within', 2, 5],
  ['a time that contains it', -5, 30],
])('two live bookings of one host never share %s', async (_what, offset, minutes) => {
  const { memberId, hostId } = await people()
  await rows.sold({ memberId, hostId }, { start: baseTime })
  await expect(
    rows.sold({ memberId: await rows.member(), hostId }, { start: minutesLater(offset), minutes }),
  ).rejects.toMatchObject({ code: '23P01', constraint: 'one_booking_per_host_and_time' })
})

test('two live bookings of one member never overlap, whoever the hosts are', async () => {
  const { memberId, hostId } = await people()
  await rows.sold({ memberId, hostId }, { start: baseTime })
  await expect(
    rows.sold({ memberId, hostId: await rows.host() }, { start: minutesLater(9) }),
  ).rejects.toMatchObject({ code: '23P01', constraint: 'one_booking_per_member_and_time' })
})

test('one booking may begin when another ends', async () => {
  const { memberId, hostId } = await people()
  await rows.sold({ memberId, hostId }, { start: baseTime })
  await rows.sold({ memberId, hostId }, { start: minutesLater(10) })
  await rows.sold({ memberId, hostId }, { start: minutesLater(-10) })
})

test.each(['completed', 'cancelled', 'expired'])(
  'a time is free again when its booking is %s',
  async (state) => {
    const { memberId, hostId } = await people()
    const id = await rows.sold({ memberId, hostId }, { start: baseTime })
    await rows.run('update bookings set state = $2 where id = $1', [id, state])
    await rows.sold({ memberId, hostId }, { start: baseTime })
  },
)

test('exactly one of many who take the same time at once gets it', async () => {
  const hostId = await rows.host()
  const members = await Promise.all(Array.from({ length: 8 }, () => rows.member()))
  const pending = await Promise.all(members.map((memberId) => rows.sold({ memberId, hostId })))
  const outcomes = await Promise.allSettled(
    pending.map((id) =>
      rows.run(`update bookings set state = 'created', start_at = $2, end_at = $3 where id = $1`, [
        id,
        baseTime,
        minutesLater(10),
      ]),
    ),
  )
  expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
  const [row] = await rows.run<{ count: number }>(
    `select count(*)::int as count from bookings where host_id = $1 and state = 'created'`,
    [hostId],
  )
  expect(row!.count).toBe(1)
})

test('a booking’s parts sum to its price, and a purchase grants each position once', async () => {
  const { memberId, hostId } = await people()
  const purchaseId = await rows.purchase({ memberId, hostId }, 'Weekly')
  const id = await rows.booking({ purchaseId, memberId, hostId, position: 1 })
  await expect(rows.booking({ purchaseId, memberId, hostId, position: 1 })).rejects.toMatchObject({
    code: '23505',
  })
  await expect(
    rows.run('update bookings set host_cents = host_cents + 1 where id = $1', [id]),
  ).rejects.toMatchObject({ code: '23514' })
  await expect(
    rows.run('update bookings set amount_cents = amount_cents - 1 where id = $1', [id]),
  ).rejects.toMatchObject({ code: '23514' })
})

test.each([
  ['created without a time', `state = 'created'`],
  ['without a time but with an end', 'end_at = valid_until'],
  ['of an unknown state', `state = 'lost'`],
  ['that ends before it begins', `state = 'created', start_at = valid_until, end_at = created_at`],
])('a booking %s cannot be', async (_what, change) => {
  const id = await rows.sold(await people())
  await expect(rows.run(`update bookings set ${change} where id = $1`, [id])).rejects.toMatchObject({
    code: '23514',
  })
})

test('a purchase is not paid without the charge that paid it', async () => {
  const purchaseId = await rows.purchase(await people())
  await expect(
    rows.run('update purchases set charge_id = null where id = $1', [purchaseId]),
  ).rejects.toMatchObject({ code: '23514' })
})

test('a booking has one payout, a transfer pays one payout, and a paid payout has its transfer', async () => {
  const { memberId, hostId } = await people()
  const purchaseId = await rows.purchase({ memberId, hostId }, 'Weekly')
  const [first, second] = [
    await rows.booking({ purchaseId, memberId, hostId, position: 1 }),
    await rows.booking({ purchaseId, memberId, hostId, position: 2 }),
  ]
  const pay = (bookingId: string, status: string, transferId: string | null) =>
    rows.run(
      `insert into payouts (booking_id, host_id, purchase_id, amount_cents, currency, status, due_at, transfer_id, created_at)
      values ($1, $2, $3, 1206, 'AUD', $4, $5, $6, $5)`,
      [bookingId, hostId, purchaseId, status, baseTime, transferId],
    )
  await pay(first, 'paid', 'tr_1')
  await expect(pay(first, 'scheduled', null)).rejects.toMatchObject({ code: '23505' })
  await expect(pay(second, 'paid', 'tr_1')).rejects.toMatchObject({ code: '23505' })
  await expect(pay(second, 'paid', null)).rejects.toMatchObject({ code: '23514' })
})

test('a message key and an event id of a provider are unique', async () => {
  const message = (key: string) =>
    rows.run(
      `insert into messages (id, key, template, recipient, mobile_number, body, status, useful_until, created_at)
      values (gen_random_uuid(), $1, 'Welcome', 'member', '+61400000000', 'hello', 'waiting', $2, $2)`,
      [key, baseTime],
    )
  await message('welcome:1')
  await expect(message('welcome:1')).rejects.toMatchObject({ code: '23505' })
  const event = (provider: string, eventId: string) =>
    rows.run(
      `insert into webhook_events (id, provider, event_id, type, payload, received_at) values (gen_random_uuid(), $1, $2, 'x', '{}', $3)`,
      [provider, eventId, baseTime],
    )
  await event('stripe', 'evt_1')
  await expect(event('stripe', 'evt_1')).rejects.toMatchObject({ code: '23505' })
  await event('daily', 'evt_1')
  await expect(event('nobody', 'evt_1')).rejects.toMatchObject({ code: '23514' })
})
