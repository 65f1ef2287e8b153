// Every operation of Daily that the sandbox covers, and its refusals, by fetch alone.
import { hourMs } from '../../../server/lib/time.ts'
import { type Answer, must, type Outside } from './world.ts'

export type Daily = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>

export function dailyClient({ call, keys }: Pick<Outside, 'call' | 'keys'>): Daily {
  return (method, path, body, headers = {}) =>
    call(method, `/v1${path}`, body, { authorization: `Bearer ${keys['DAILY_API_KEY']}`, ...headers })
}

export async function useDaily(outside: Outside): Promise<void> {
  const daily = dailyClient(outside)
  const { control, advance, receiver, sandbox } = outside
  const ok = async (method: string, path: string, body?: unknown) => {
    const answer = await daily(method, path, body)
    must(answer.status === 200, `${method} ${path} answers ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const is = async (
    status: number,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => {
    const answer = await daily(method, path, body, headers)
    must(answer.status === status, `${method} ${path} answers ${answer.status} instead of ${status}`)
    return answer.body
  }
  const seconds = async () => Math.floor(Date.parse((await control('GET', '/clock')).body.now) / 1000)
  const exp = (await seconds()) + 3600
  const hook = await ok('POST', '/webhooks', {
    url: `${receiver.url}/hook`,
    eventTypes: ['participant.joined', 'meeting.ended'],
    retryType: 'exponential',
  })
  await ok('GET', '/webhooks')
  await ok('GET', `/webhooks/${hook.uuid}`)
  await ok('POST', `/webhooks/${hook.uuid}`, { eventTypes: ['participant.left', 'meeting.started'] })

  const name = 'talk-1'
  await ok('POST', '/rooms', {
    name,
    privacy: 'private',
    properties: { nbf: exp - 3600, exp, max_participants: 2, eject_at_room_exp: true },
  })
  await is(400, 'POST', '/rooms', { name })
  await ok('GET', `/rooms/${name}`)
  await ok('GET', '/rooms?limit=5')
  await ok('POST', `/rooms/${name}`, { properties: { enable_chat: true } })
  const token = async (user_id: string, is_owner = false) =>
    (
      await ok('POST', '/meeting-tokens', {
        properties: { room_name: name, exp, user_id, user_name: `Person ${user_id}`, is_owner },
      })
    ).token as string
  const [first, second] = [await token('a', true), await token('b')]
  await ok('GET', `/meeting-tokens/${first}`)
  const join = async (text: string) =>
    (await control('POST', `/daily/rooms/${name}/join`, { token: text })).body.sessionId as string
  const [inside, other] = [await join(first), await join(second)]
  await ok('GET', `/rooms/${name}/presence`)
  await ok('GET', '/presence')
  await ok('POST', `/rooms/${name}/eject`, { user_ids: ['b'] })
  await control('POST', `/daily/rooms/${name}/leave`, { sessionId: inside })
  must(other !== inside, 'two people are one')
  const { data } = await ok('GET', `/meetings?room=${name}&limit=10`)
  await ok('GET', `/meetings/${data[0].id}`)
  await ok('GET', `/meetings/${data[0].id}/participants`)
  await ok('POST', '/rooms', { name: 'short', privacy: 'private' })
  await ok('DELETE', '/rooms/short')
  await is(404, 'DELETE', '/rooms/short')
  await advance(hourMs)
  await is(404, 'GET', `/rooms/${name}`)
  must(
    (await is(404, 'DELETE', `/rooms/${name}`)).deleted === true,
    'an expired room does not count as deleted',
  )
  await is(400, 'POST', '/rooms', { name: 'x'.repeat(42) })
  await is(400, 'POST', '/meeting-tokens', { properties: { user_id: 'x'.repeat(37) } })
  await is(400, 'GET', '/rooms', undefined, { authorization: '' })
  await is(401, 'GET', '/rooms', undefined, { authorization: 'Bearer wrong' })
  await is(404, 'GET', '/meetings/nothing')
  await is(404, 'GET', '/recordings')
  await is(400, 'POST', '/rooms', '{')
  receiver.answer.push(500)
  await is(400, 'POST', '/webhooks', { url: `${receiver.url}/refusing` })
  await ok('DELETE', `/webhooks/${hook.uuid}`)
  await sandbox.settled()
}
