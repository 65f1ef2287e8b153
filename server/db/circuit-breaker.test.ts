import { createServer } from 'node:net'
import pg from 'pg'
import { expect, test } from 'vitest'
import { breakingClient, isDatabaseAway } from './circuit-breaker.ts'

test('while the database is away one attempt at a time is made, ever more rarely, and the rest is refused', async () => {
  let attempts = 0
  const server = createServer((socket) => {
    attempts++
    socket.destroy()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  let time = 0
  const Client = breakingClient(() => time)
  const fails = async () => {
    const error = await new Client({ host: '127.0.0.1', port }).connect().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(isDatabaseAway(error)).toBe(true)
  }
  await fails()
  for (let times = 0; times < 100; times++) await fails()
  expect(attempts, 'refused within the pause').toBe(1)
  time += 1_000
  await Promise.all(Array.from({ length: 100 }, fails))
  expect(attempts, 'one of a hundred tries').toBe(2)
  for (let minute = 0; minute < 60; minute++) {
    time += 1_000
    await fails()
  }
  expect(attempts, 'never given up').toBe(62)
  await new Promise((resolve) => void server.close(resolve))
})

test.each([
  [new pg.DatabaseError('terminating connection', 1, 'error'), '57P01', true],
  [new pg.DatabaseError('too many clients already', 1, 'error'), '53300', true],
  [new pg.DatabaseError('duplicate key', 1, 'error'), '23505', false],
  [new Error('connect ECONNREFUSED'), 'ECONNREFUSED', true],
  [new Error('Connection terminated unexpectedly'), undefined, true],
  [new Error('something of ours'), undefined, false],
])('%s with code %s: the database is away: %s', (error, code, isAway) => {
  expect(isDatabaseAway(Object.assign(error, code && { code }))).toBe(isAway)
})
