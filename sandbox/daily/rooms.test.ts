import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { dailyShape, hasContracts } from './testing/contracts.ts'
import { startDaily } from './testing/world.ts'

describe('keys and bodies', () => {
  test('a call without a key is refused with 400, with a wrong key with 401', async () => {
    const { api } = await startDaily()
    expect(await api('GET', '/v1/rooms', undefined, { authorization: '' })).toEqual({
      status: 400,
      body: { error: 'authorization-header-error' },
    })
    expect(await api('GET', '/v1/rooms', undefined, { authorization: 'Bearer nope' })).toEqual({
      status: 401,
      body: { error: 'authentication-error' },
    })
  })
  test('a body that is not JSON and a parameter Daily does not know are refused', async () => {
    const { api } = await startDaily()
    expect((await api('POST', '/v1/rooms', '{')).body.error).toBe('json-parsing-error')
    for (const body of [
      { nme: 'x' },
      { properties: { expires: 1 } },
      { properties: { exp: '1' } },
      { privacy: 'secret' },
    ]) {
      const answer = await api('POST', '/v1/rooms', body)
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid-request-error'])
    }
  })
})

describe('rooms', () => {
  test('a room is public by default and shows only what differs from the defaults', async () => {
    const { api, base } = await startDaily()
    const made = await api('POST', '/v1/rooms', {
      properties: { start_video_off: true, max_participants: 200, enable_chat: false },
    })
    expect(made.body).toMatchObject({
      privacy: 'public',
      api_created: true,
      config: { start_video_off: true },
    })
    expect(Object.keys(made.body.config)).toEqual(['start_video_off'])
    expect(new URL(made.body.url).port).toBe(new URL(base).port)
  })
  test('a taken name is refused until the room has expired', async () => {
    const { api, advance, nowSeconds } = await startDaily()
    const body = { name: 'twice', properties: { exp: nowSeconds() + 60 } }
    expect((await api('POST', '/v1/rooms', body)).status).toBe(200)
    expect(await api('POST', '/v1/rooms', body)).toMatchObject({
      status: 400,
      body: { error: 'invalid-request-error' },
    })
    await advance(61_000)
    expect((await api('POST', '/v1/rooms', { name: 'twice' })).status).toBe(200)
  })
  test('domain and room name have at most 41 letters, digits, dashes and underscores', async () => {
    const { api } = await startDaily()
    const longest = 'x'.repeat(41 - 'presence'.length)
    expect((await api('POST', '/v1/rooms', { name: longest })).status).toBe(200)
    expect((await api('POST', '/v1/rooms', { name: `${longest}y` })).status).toBe(400)
    expect((await api('POST', '/v1/rooms', { name: 'a b' })).status).toBe(400)
  })
  test('a room past its exp is gone: 404, and deleting it says deleted', async () => {
    const { api, room, advance } = await startDaily()
    const { name } = await room()
    expect((await api('GET', `/v1/rooms/${name}`)).status).toBe(200)
    await advance(3_601_000)
    expect(await api('GET', `/v1/rooms/${name}`)).toMatchObject({ status: 404, body: { error: 'not-found' } })
    expect((await api('GET', '/v1/rooms')).body).toEqual({ total_count: 0, data: [] })
    expect(await api('DELETE', `/v1/rooms/${name}`)).toMatchObject({
      status: 404,
      body: { error: 'not-found', deleted: true },
    })
  })
  test('a room is changed by POST and deleted once', async () => {
    const { api, room } = await startDaily()
    const { name } = await room({ start_audio_off: true })
    const changed = await api('POST', `/v1/rooms/${name}`, {
      properties: { start_audio_off: false, max_participants: 2 },
    })
    expect(changed.body.config).toEqual({ exp: expect.any(Number), max_participants: 2 })
    expect(await api('DELETE', `/v1/rooms/${name}`)).toEqual({ status: 200, body: { deleted: true, name } })
    expect((await api('DELETE', `/v1/rooms/${name}`)).status).toBe(404)
  })
  test('lists are newest first and continue after a cursor', async () => {
    const { api, room } = await startDaily()
    const names = [(await room()).name, (await room()).name, (await room()).name]
    const first = await api('GET', '/v1/rooms?limit=2')
    expect(first.body.data.map((one: { name: string }) => one.name)).toEqual([names[2], names[1]])
    const rest = await api('GET', `/v1/rooms?limit=2&starting_after=${first.body.data[1].id}`)
    expect(rest.body.data.map((one: { name: string }) => one.name)).toEqual([names[0]])
  })
})

describe('meeting tokens', () => {
  test('a token is a JWT signed with the API key, with the short claims Daily documents', async () => {
    const { sandbox, room } = await startDaily()
    const { token } = await room()
    const [head, body, signature] = (
      await token({ user_id: 'u', user_name: 'Sam', is_owner: true, eject_at_token_exp: true })
    ).split('.')
    const key = sandbox.ctx.keys['DAILY_API_KEY'] ?? ''
    expect(signature).toBe(createHmac('sha256', key).update(`${head}.${body}`).digest('base64url'))
    expect(JSON.parse(Buffer.from(body ?? '', 'base64url').toString())).toEqual({
      r: 'room-1',
      d: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
      ud: 'u',
      u: 'Sam',
      o: true,
      ejt: true,
    })
  })
  test('a user id of more than 36 characters is refused', async () => {
    const { api } = await startDaily()
    const make = (length: number) =>
      api('POST', '/v1/meeting-tokens', { properties: { user_id: 'x'.repeat(length) } })
    expect([(await make(36)).status, (await make(37)).status]).toEqual([200, 400])
  })
  test('validation answers the properties and refuses a changed or expired token', async () => {
    const { api, room, advance } = await startDaily()
    const text = await (await room()).token({ user_name: 'Sam' })
    expect((await api('GET', `/v1/meeting-tokens/${text}`)).body).toMatchObject({
      room_name: 'room-1',
      user_name: 'Sam',
    })
    expect((await api('GET', `/v1/meeting-tokens/${text}x`)).status).toBe(400)
    await advance(3_601_000)
    expect((await api('GET', `/v1/meeting-tokens/${text}`)).status).toBe(400)
  })
})

describe('limits', () => {
  test('the 101st request within 5 seconds is refused while limits are on', async () => {
    const { api, post, advance } = await startDaily()
    await post('/_sandbox/limits', { on: true })
    const statuses = new Set<number>()
    for (let count = 0; count < 100; count++) statuses.add((await api('GET', '/v1/rooms/none')).status)
    expect([...statuses]).toEqual([404])
    expect(await api('GET', '/v1/rooms/none')).toEqual({ status: 429, body: { error: 'rate-limit-error' } })
    await advance(5001)
    expect((await api('GET', '/v1/rooms/none')).status).toBe(404)
  })
})

describe.skipIf(!hasContracts)('shapes (needs CONTRACTS_DIR)', () => {
  test('every answer of rooms and tokens has the published shape', async () => {
    const { api, room } = await startDaily()
    const shape = dailyShape()
    const made = await api('POST', '/v1/rooms', {
      name: 'a',
      privacy: 'private',
      properties: { exp: 4_000_000_000 },
    })
    expect(shape('CreateRoom200Response', made.body)).toBe('')
    expect(shape('RoomsRoomNameGetRes', (await api('GET', '/v1/rooms/a')).body)).toBe('')
    expect(shape('RoomsRoomNameGetRes', (await api('POST', '/v1/rooms/a', { privacy: 'public' })).body)).toBe(
      '',
    )
    expect(shape('ListRooms200Response', (await api('GET', '/v1/rooms')).body)).toBe('')
    const { token } = await room()
    const text = await token({ user_name: 'Sam' })
    expect(shape('CreateMeetingToken200Response', { token: text })).toBe('')
    expect(
      shape('ValidateMeetingToken200Response', (await api('GET', `/v1/meeting-tokens/${text}`)).body),
    ).toBe('')
    expect(shape('DeleteRoomResponse', (await api('DELETE', '/v1/rooms/a')).body)).toBe('')
    for (const path of ['/v1/rooms/a', '/v1/rooms/a/presence', '/v1/nothing', '/v1/recordings']) {
      const answer = await api('GET', path)
      if (path !== '/v1/nothing') expect([path, shape('Error', answer.body)]).toEqual([path, ''])
    }
  })
})
