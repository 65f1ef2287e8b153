// What npm run security prints is true: each line holds on a fresh Presence, and is open where it is not
// kept.
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attempts, type Target } from '../../scripts/security/attempts.ts'
import { newMobileNumber } from '../../world/person.ts'
import { type Presence, startPresence } from '../harness/presence.ts'

let presence: Presence
let target: Target

beforeAll(async () => {
  presence = await startPresence({ env: { LIMIT_FACTOR: '1' } })
  target = {
    url: presence.url,
    world: presence,
    operatorMobileNumber: presence.operatorMobileNumber,
    newNumber: newMobileNumber,
  }
})
afterAll(() => presence?.stop())

test.each(attempts)('%s', async (_name, attempt) => {
  expect(await attempt(target)).not.toBe('')
})

test('a Presence that says yes to everything is open in every line that a stranger can try', async () => {
  const naive = createServer((asked, answer) => {
    if (asked.url === '/openapi.json')
      request(`${presence.url}/openapi.json`, (found) => found.pipe(answer)).end()
    else answer.writeHead(200, { 'content-type': 'application/json' }).end('{"AUTH_SECRET":"x"}')
  })
  await new Promise<void>((resolve) => naive.listen(0, '127.0.0.1', resolve))
  const stranger: Target = {
    url: `http://127.0.0.1:${(naive.address() as AddressInfo).port}`,
    newNumber: newMobileNumber,
  }
  const held: string[] = []
  for (const [name, attempt] of attempts) {
    const state = await attempt(stranger).then(
      () => 'held',
      (error: Error) => error.constructor.name,
    )
    if (state === 'held') held.push(name)
  }
  naive.close()
  expect(held).toEqual(['text of any kind is answered and never breaks a search'])
})
