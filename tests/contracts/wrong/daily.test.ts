import { createHmac } from 'node:crypto'
import { expect, onTestFinished, vi } from 'vitest'
import { dailyClient } from '../use/daily.ts'
import { type Outside, startOutside } from '../use/world.ts'
import { minuteMs } from '../../../server/lib/time.ts'
import { commonlyWrong } from './lines.ts'

const seconds = async (outside: Outside) =>
  Math.floor(Date.parse((await outside.control('GET', '/clock')).body.now) / 1000)

let rooms = 0
async function room(
  outside: Outside,
  properties: Record<string, unknown> = {},
  more: Record<string, unknown> = { privacy: 'private' },
) {
  const daily = dailyClient(outside)
  const name = `room-${++rooms}`
  const exp = (await seconds(outside)) + 3600
  const made = await daily('POST', '/rooms', { name, ...more, properties: { exp, ...properties } })
  const token = async (wanted: Record<string, unknown> = {}): Promise<string> =>
    (await daily('POST', '/meeting-tokens', { properties: { room_name: name, exp, ...wanted } })).body.token
  const join = (text?: string) => outside.control('POST', `/daily/rooms/${name}/join`, { token: text })
  return {
    daily,
    name,
    exp,
    made,
    token,
    join,
    leave: (sessionId: string) => outside.control('POST', `/daily/rooms/${name}/leave`, { sessionId }),
  }
}

async function told(outside: Outside, name: string) {
  await outside.sandbox.settled()
  return outside.receiver.received
    .filter(({ path }) => path === '/functions/v1/daily-webhook')
    .map(({ body }) => JSON.parse(body))
    .filter((event) => event.payload.room === name)
}

commonlyWrong('Daily', (line) => {
  line(
    '`https://api.daily.co/v1`, JSON, bearer key. Room answers put non-default settings under `config`, requests under `properties`.',
    async (outside) => {
      const { made, exp, daily, join, token } = await room(outside, {
        max_participants: 2,
        start_video_off: false,
      })
      expect(made.body.config).toEqual({ exp, max_participants: 2 })
      expect(
        (await daily('POST', '/rooms', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' }))
          .status,
      ).toBe(400)
      expect((await daily('POST', '/rooms', { exp })).status).toBe(400)
      expect((await daily('GET', '/rooms', undefined, { authorization: 'Basic x' })).body).toEqual({
        error: 'authorization-header-error',
      })
      expect((await join(await token())).status).toBe(200)
      const inMilliseconds = await room(outside, {
        nbf: (await seconds(outside)) * 1000,
        exp: (await seconds(outside)) * 1000 + 1,
      })
      expect((await inMilliseconds.join(await inMilliseconds.token())).body.reason).toBe('not_yet')
    },
  )

  line(
    'Default privacy is `public`: send `private` and always a token with `room_name` and `exp`',
    async (outside) => {
      const open = await room(outside, {}, {})
      expect(open.made.body.privacy).toBe('public')
      expect((await open.join()).status).toBe(200)
      const [one, other] = [await room(outside), await room(outside)]
      expect((await one.join()).body.reason).toBe('token_missing')
      const master = (await one.daily('POST', '/meeting-tokens', { properties: {} })).body.token
      expect([(await one.join(master)).status, (await other.join(master)).status]).toEqual([200, 200])
      expect((await other.join(await one.token())).body.reason).toBe('token_foreign')
      await outside.advance(30 * minuteMs)
      expect((await one.join(await one.token({ exp: (await seconds(outside)) - 1 }))).body.reason).toBe(
        'token_expired',
      )
    },
  )

  line(
    'An expired room is treated as deleted: `GET`/`DELETE` are 404 (`DELETE` adds `deleted:true`).',
    async (outside) => {
      const [staying, ejecting, byToken] = [
        await room(outside),
        await room(outside, { eject_at_room_exp: true }),
        await room(outside),
      ]
      for (const one of [staying, ejecting]) await one.join(await one.token())
      await byToken.join(await byToken.token({ eject_at_token_exp: true }))
      await outside.advance(3601_000)
      expect((await staying.daily('GET', `/rooms/${staying.name}`)).status).toBe(404)
      const left = async (name: string) =>
        (await told(outside, name)).filter(({ type }) => type === 'participant.left').length
      expect([await left(ejecting.name), await left(byToken.name)]).toEqual([1, 1])
      const { data } = (await staying.daily('GET', '/meetings?limit=100')).body
      const ongoing = (data as { room: string; ongoing: boolean }[])
        .filter((one) => one.ongoing)
        .map((one) => one.room)
      expect(ongoing).toContain(staying.name)
      expect(ongoing).not.toContain(ejecting.name)
      const deleted = await staying.daily('DELETE', `/rooms/${staying.name}`)
      expect([deleted.status, deleted.body.deleted]).toEqual([404, true])
    },
  )

  line(
    'Domain plus room name at most 41 characters, `[A-Za-z0-9_-]`. Token `user_id` at most 36 characters',
    async (outside) => {
      const daily = dailyClient(outside)
      const status = async (name: string) => (await daily('POST', '/rooms', { name })).status
      const longest = 41 - 'presence'.length
      expect([
        await status('a'.repeat(longest)),
        await status('b'.repeat(longest + 1)),
        await status('a b'),
        await status('ä'),
        await status('A-b_9'),
      ]).toEqual([200, 400, 400, 400, 200])
      const token = async (user_id: string) =>
        (await daily('POST', '/meeting-tokens', { properties: { user_id } })).status
      const id = '01a2044b-d7fb-777a-8b75-ca178f55cec9'
      expect([await token(id), await token(`m-${id}`)]).toEqual([200, 400])
    },
  )

  line('`POST /webhooks` is camelCase (`eventTypes`, `retryType`, `basicAuth`) unlike the rest', async () => {
    // A sandbox of its own, because a failed delivery is retried for minutes.
    const outside = await startOutside()
    onTestFinished(() => outside.close())
    const daily = dailyClient(outside)
    const { receiver } = outside
    const hmac = Buffer.from('a secret of ours').toString('base64')
    receiver.answer.push(500)
    expect((await daily('POST', '/webhooks', { url: `${receiver.url}/refuses`, hmac })).status).toBe(400)
    const make = async (path: string, more: object) =>
      (
        await daily('POST', '/webhooks', {
          url: receiver.url + path,
          hmac,
          eventTypes: ['participant.joined'],
          ...more,
        })
      ).body
    const [trips, retries] = [
      await make('/trips', { basicAuth: 'dTpw' }),
      await make('/retries', { retryType: 'exponential' }),
    ]
    expect([trips.retryType, trips.state, retries.retryType]).toEqual([
      'circuit-breaker',
      'ACTIVE',
      'exponential',
    ])
    const ping = receiver.received.find(({ path }) => path === '/trips')!
    expect(ping.body).toBe('{"test":"test"}')
    const signature = createHmac('sha256', Buffer.from(hmac, 'base64'))
      .update(`${ping.headers['x-webhook-timestamp']}.${ping.body}`)
      .digest('base64')
    expect([ping.headers['x-webhook-signature'], ping.headers['authorization']]).toEqual([
      signature,
      'Basic dTpw',
    ])

    receiver.answer.push(...Array<number>(100).fill(500))
    const { join, token } = await room(outside)
    const attempts = (path: string) => receiver.received.filter((one) => one.path === path).length - 1
    for (let failures = 1; failures <= 3; failures++) {
      await join(await token())
      await receiver.until(() => ['/trips', '/retries'].every((path) => attempts(path) >= failures))
    }
    const state = async ({ uuid }: { uuid: string }) => (await daily('GET', `/webhooks/${uuid}`)).body.state
    await vi.waitUntil(async () => (await state(trips)) === 'FAILED', 45_000)
    expect(await state(retries)).toBe('ACTIVE')
    receiver.answer.length = 0
    expect((await daily('POST', `/webhooks/${trips.uuid}`, {})).body.state).toBe('ACTIVE')
  })

  line(
    'Event times are fractional seconds. `meeting.started` fires for the first participant and a room can have several meetings.',
    async (outside) => {
      const { name, join, token, leave } = await room(outside)
      for (const people of [['a', 'b'], ['a']]) {
        const inside: string[] = []
        for (const user_id of people) inside.push((await join(await token({ user_id }))).body.sessionId)
        for (const sessionId of inside) await leave(sessionId)
      }
      const events = await told(outside, name)
      const count = (type: string) => events.filter((event) => event.type === type).length
      expect([
        count('meeting.started'),
        count('participant.joined'),
        count('participant.left'),
        count('meeting.ended'),
      ]).toEqual([2, 3, 3, 2])
      const first = events.findIndex(({ type }) => type === 'participant.joined')
      expect(events.findIndex(({ type }) => type === 'meeting.started')).toBeLessThan(first + 2)
      const times = events.flatMap(({ event_ts, payload }) => [
        event_ts,
        payload.joined_at ?? payload.start_ts,
      ])
      expect(times.every((time) => time < 10 ** 11)).toBe(true)
      expect(times.some((time) => !Number.isInteger(time))).toBe(true)
      expect(
        new Set(
          events.filter(({ type }) => type === 'meeting.started').map(({ payload }) => payload.meeting_id),
        ).size,
      ).toBe(2)
    },
  )
})
