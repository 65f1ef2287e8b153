import { describe, expect, test, vi } from 'vitest'
import { dailyShape, hasContracts } from './testing/contracts.ts'
import { startDaily } from './testing/world.ts'
import type { World } from './testing/world.ts'

const join = (world: World, name: string, token: string) =>
  world.post(`/_sandbox/daily/rooms/${name}/join`, { token })
const types = (world: World) => world.hooks.map((hook) => hook.event['type'])

describe('who may enter', () => {
  test('a private room needs a token of this domain and this room that is valid now', async () => {
    const world = await startDaily()
    const one = await world.room()
    const other = await world.room()
    const now = world.nowSeconds()
    const reasonOf = async (token: string) => (await join(world, one.name, token)).body.reason
    expect(await reasonOf('')).toBe('token_missing')
    expect(await reasonOf(`${await one.token()}x`)).toBe('token_foreign')
    expect(await reasonOf(await other.token())).toBe('token_foreign')
    expect(await reasonOf(await one.token({ exp: now - 1 }))).toBe('token_expired')
    expect((await join(world, one.name, await one.token({ nbf: now + 60 }))).body).toEqual({
      reason: 'not_yet',
      opensAt: (now + 60) * 1000,
    })
    expect((await join(world, 'nowhere', await one.token())).body.reason).toBe('no_room')
    expect((await join(world, one.name, await one.token())).status).toBe(200)
    await world.advance(3_601_000)
    expect(await reasonOf(await one.token())).toBe('room_expired')
  })
  test('nobody enters above max_participants', async () => {
    const world = await startDaily()
    const { name, token } = await world.room({ max_participants: 1 })
    expect((await join(world, name, await token())).status).toBe(200)
    expect((await join(world, name, await token())).body).toEqual({ reason: 'full' })
  })
  test('a self-signed token without a room opens every room, as Daily warns', async () => {
    const world = await startDaily()
    const { name } = await world.room()
    const answer = await world.api('POST', '/v1/meeting-tokens', { properties: {} })
    expect((await join(world, name, answer.body.token)).status).toBe(200)
  })
})

describe('coming and going', () => {
  test('the first to enter starts a meeting and the last to leave ends it, each reported once', async () => {
    const world = await startDaily()
    const { name, token } = await world.room()
    const a = (await join(world, name, await token({ user_id: 'a', user_name: 'Amelia', is_owner: true })))
      .body.sessionId
    const b = (await join(world, name, await token({ user_id: 'b', user_name: 'Sam' }))).body.sessionId
    await world.advance(90_000)
    await world.post(`/_sandbox/daily/rooms/${name}/leave`, { sessionId: a })
    expect((await world.post(`/_sandbox/daily/rooms/${name}/leave`, { sessionId: a })).status).toBe(404)
    await world.post(`/_sandbox/daily/rooms/${name}/leave`, { sessionId: b })
    await world.sandbox.settled()
    expect(types(world).sort()).toEqual([
      'meeting.ended',
      'meeting.started',
      'participant.joined',
      'participant.joined',
      'participant.left',
      'participant.left',
    ])
    const left = world.hooks.find(
      (hook) => hook.event['type'] === 'participant.left' && hook.event['payload'].user_id === 'a',
    )
    expect(left?.event['payload']).toMatchObject({
      room: name,
      session_id: a,
      user_name: 'Amelia',
      owner: true,
    })
    expect(left?.event['payload'].duration).toBeGreaterThanOrEqual(90)
    expect(new Set(world.hooks.map((hook) => hook.event['id'])).size).toBe(6)
  })
  test('presence lists who is there, and meetings list who was', async () => {
    const world = await startDaily()
    const { name, token } = await world.room()
    const id = (await join(world, name, await token({ user_id: 'a', user_name: 'Amelia' }))).body.sessionId
    const here = await world.api('GET', `/v1/rooms/${name}/presence`)
    expect(here.body).toMatchObject({
      total_count: 1,
      data: [{ id, room: name, userId: 'a', userName: 'Amelia' }],
    })
    expect((await world.api('GET', '/v1/presence')).body[name]).toHaveLength(1)
    expect(
      (await world.api('GET', `/v1/meetings?room=${name}`)).body.data[0].participants,
      'too short',
    ).toEqual([])
    await world.advance(12_000)
    await world.post(`/_sandbox/daily/rooms/${name}/leave`, { sessionId: id })
    expect((await world.api('GET', `/v1/rooms/${name}/presence`)).body).toEqual({ total_count: 0, data: [] })
    const meetings = await world.api('GET', `/v1/meetings?room=${name}`)
    expect(meetings.body).toMatchObject({
      total_count: 1,
      data: [{ ongoing: false, max_participants: 1, participants: [{ user_id: 'a' }] }],
    })
  })
  test('people are ejected at the exp of the room or of their token where it asks for it', async () => {
    const world = await startDaily()
    const now = world.nowSeconds()
    const { name, token } = await world.room({ exp: now + 600, eject_at_room_exp: true })
    await join(world, name, await token({ user_id: 'short', exp: now + 60, eject_at_token_exp: true }))
    await join(world, name, await token({ user_id: 'long', exp: now + 60 }))
    const present = async () =>
      (await world.api('GET', `/v1/rooms/${name}/presence`)).body.data.map(
        (one: { userId: string }) => one.userId,
      )
    await world.advance(61_000)
    expect(await present()).toEqual(['long'])
    await world.advance(540_000)
    await world.sandbox.settled()
    expect(types(world)).toContain('meeting.ended')
    expect((await world.api('GET', '/v1/presence')).body).toEqual({})
  })
  test('a person ejected and banned cannot come back', async () => {
    const world = await startDaily()
    const { name, token } = await world.room()
    const id = (await join(world, name, await token({ user_id: 'a' }))).body.sessionId
    const answer = await world.api('POST', `/v1/rooms/${name}/eject`, { user_ids: ['a'], ban: true })
    expect(answer).toEqual({ status: 200, body: { ejectedIds: [id] } })
    expect((await join(world, name, await token({ user_id: 'a' }))).body.reason).toBe('banned')
    expect((await world.api('POST', `/v1/rooms/${name}/eject`, {})).status).toBe(400)
  })
  test('a browser that reconnects replaces its lost connection, even in a full room', async () => {
    const world = await startDaily()
    const { name, token } = await world.room({ max_participants: 1 })
    const text = await token({ user_id: 'a' })
    const first = await world.post(`/daily/${name}/join`, { token: text })
    const second = await world.post(`/daily/${name}/join`, {
      token: text,
      replaces: { id: first.body.id, key: first.body.key },
    })
    expect(second.status).toBe(200)
    const here = (await world.api('GET', `/v1/rooms/${name}/presence`)).body.data
    expect(here.map((one: { id: string }) => one.id)).toEqual([second.body.id])
    await world.sandbox.settled()
    expect(types(world)).not.toContain('meeting.ended')
  })
  test('a browser silent for eight seconds has left; moving the clock ejects nobody', async () => {
    const world = await startDaily()
    const { name, token } = await world.room()
    await world.post(`/daily/${name}/join`, { token: await token({ user_id: 'a' }) })
    await world.post(`/_sandbox/daily/rooms/${name}/join`, { token: await token({ user_id: 'robot' }) })
    const present = async () =>
      (await world.api('GET', `/v1/rooms/${name}/presence`)).body.data.map(
        (one: { userId: string }) => one.userId,
      )
    await world.advance(600_000)
    expect(await present()).toEqual(['a', 'robot'])
    const later = performance.now() + 8000
    vi.spyOn(performance, 'now').mockReturnValue(later)
    await world.advance(3001)
    expect(await present()).toEqual(['robot'])
  })
  test('a visit is ended and listened to only with its key', async () => {
    const world = await startDaily()
    const { name, token } = await world.room()
    const one = (await world.post(`/daily/${name}/join`, { token: await token({ user_id: 'a' }) })).body
    await world.post(`/daily/${name}/leave`, { session: one.id, key: 'guess' })
    expect((await world.api('GET', `/v1/rooms/${name}/presence`)).body.total_count).toBe(1)
    expect((await fetch(`${world.base}/daily/${name}/events?session=${one.id}&key=guess`)).status).toBe(410)
    await world.post(`/daily/${name}/leave`, { session: one.id, key: one.key })
    expect((await world.api('GET', `/v1/rooms/${name}/presence`)).body.total_count).toBe(0)
  })
})

describe.skipIf(!hasContracts)('shapes (needs CONTRACTS_DIR)', () => {
  test('presence, meetings and all four events have the published shape', async () => {
    const world = await startDaily()
    const shape = dailyShape()
    const { name, token } = await world.room({ eject_at_room_exp: true })
    const id = (await join(world, name, await token({ user_name: 'Sam' }))).body.sessionId
    expect(
      shape('RoomsRoomNamePresenceGetRes', (await world.api('GET', `/v1/rooms/${name}/presence`)).body),
    ).toBe('')
    const meetings = (await world.api('GET', '/v1/meetings')).body
    expect(shape('GetMeetingInfo200Response', meetings)).toBe('')
    const meeting = (await world.api('GET', `/v1/meetings/${meetings.data[0].id}`)).body
    expect(shape('MeetingsMeetingGetRes', meeting)).toBe('')
    expect(
      shape('Eject200Response', (await world.api('POST', `/v1/rooms/${name}/eject`, { ids: [id] })).body),
    ).toBe('')
    await world.sandbox.settled()
    const names: Record<string, string> = {
      'participant.joined': 'ParticipantJoined',
      'participant.left': 'ParticipantLeft',
      'meeting.started': 'MeetingStarted',
      'meeting.ended': 'MeetingEnded',
    }
    expect(types(world).sort()).toEqual(Object.keys(names).sort())
    for (const { event } of world.hooks)
      expect([event['type'], shape(names[event['type']] ?? '', event)]).toEqual([event['type'], ''])
  })
})
