import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { hourMs, minuteMs } from './durations.ts'
import { startApplication } from './testing/application.ts'
import { startWorld } from './testing/world.ts'

const clockKey = 'clock-key'

test('moving the clock runs due timers in order of time, including new ones', async () => {
  const { sandbox, control } = await startWorld()
  const { ctx } = sandbox
  const at = (hours: number) => ctx.clock.now() + hours * hourMs
  ctx.schedule('stripe', 'note', at(3), { text: 'third' })
  ctx.schedule('stripe', 'note', at(1), { text: 'first' })
  ctx.schedule('stripe', 'note', at(2), { text: 'second' })
  ctx.schedule('stripe', 'note', at(9), { text: 'far away' })
  await control('POST', '/clock', { advanceMs: 2.5 * hourMs })
  expect(ctx.store.list('stripe.ran')).toEqual(['first', 'second', 'through the first'])
  await control('POST', '/clock', { advanceMs: hourMs })
  expect(ctx.store.list('stripe.ran').at(-1)).toBe('third')
})

test('a timer that fails leaves nothing behind and does not stop the others', async () => {
  const { sandbox, control, logged } = await startWorld()
  const { ctx } = sandbox
  ctx.schedule('stripe', 'note', ctx.clock.now() + hourMs, { text: 'broken' })
  ctx.schedule('stripe', 'note', ctx.clock.now() + 2 * hourMs, { text: 'fine' })
  await control('POST', '/clock', { advanceMs: 3 * hourMs })
  expect(ctx.store.list('stripe.ran')).toEqual(['fine'])
  expect(logged.join()).toContain('timer stripe note failed')
})

test('the application gets the offset at start and at every move', async () => {
  const { application, control } = await startWorld({ clockKey })
  await application.until(() => application.received.length === 1)
  const moved = await (await control('POST', '/clock', { offsetMs: hourMs })).json()
  expect(moved).toMatchObject({ offsetMs: hourMs, confirmed: true })
  const pushes = application.received.filter((one) => one.path === '/clock')
  expect(pushes.map((one) => JSON.parse(one.body))).toEqual([{ offsetMs: 0 }, { offsetMs: hourMs }])
  expect(pushes[1]?.headers['authorization']).toBe(`Bearer ${clockKey}`)
})

test('an unconfirmed offset is sent again until the application confirms it', async () => {
  const { application, control } = await startWorld({ clockKey })
  await application.until(() => application.received.length === 1)
  application.answer.push(500, 500)
  expect(await (await control('POST', '/clock', { offsetMs: hourMs })).json()).toMatchObject({
    confirmed: false,
  })
  await application.until(() => application.received.length === 4)
  expect(application.received.at(-1)).toMatchObject({
    status: 200,
    body: JSON.stringify({ offsetMs: hourMs }),
  })
})

test('without the key the application is told nothing', async () => {
  const { application, control } = await startWorld()
  expect(await (await control('POST', '/clock', { offsetMs: hourMs })).json()).toMatchObject({
    confirmed: false,
  })
  expect(application.received).toEqual([])
})

test('the clock goes to the moments of the next session, and never backwards', async () => {
  const { application, control, sandbox } = await startWorld({ clockKey })
  const startAt = Date.now() + 5 * hourMs
  const endAt = startAt + 600_000
  application.session.nextSessionStartAt = new Date(startAt).toISOString()
  application.session.nextSessionEndAt = new Date(endAt).toISOString()
  const reaches = async (to: string, momentMs: number) => {
    await control('POST', '/clock', { to })
    const gapMs = sandbox.ctx.clock.now() - momentMs
    expect(gapMs).toBeGreaterThanOrEqual(-1)
    expect(gapMs).toBeLessThan(minuteMs)
  }
  await reaches('room_opens', startAt - 15 * minuteMs)
  await reaches('session_starts', startAt)
  await control('POST', '/clock', { to: 'room_opens' })
  expect(sandbox.ctx.clock.now()).toBeGreaterThanOrEqual(startAt - 1)
  // The application's next session is another one now; the end is that of the running session.
  application.session.nextSessionStartAt = new Date(startAt + 48 * hourMs).toISOString()
  application.session.nextSessionEndAt = new Date(endAt + 48 * hourMs).toISOString()
  await reaches('session_ends', endAt)
})

test('going to the next session answers 409 when there is none', async () => {
  const { control } = await startWorld({ clockKey })
  expect((await control('POST', '/clock', { to: 'session_starts' })).status).toBe(409)
})

test('the clock and its timers survive a restart', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-clock-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true }))
  const application = await startApplication()
  onTestFinished(application.close)
  const before = await startWorld({ dataDir, application, clockKey })
  await before.control('POST', '/clock', { offsetMs: hourMs })
  before.sandbox.ctx.schedule('stripe', 'note', Date.now() + 2 * hourMs, { text: 'kept' })
  await before.sandbox.close()
  const after = await startWorld({ dataDir, application, clockKey })
  expect(after.sandbox.ctx.clock.offsetMs()).toBe(hourMs)
  expect(after.sandbox.ctx.store.list('stripe.ran')).toEqual([])
  await after.control('POST', '/clock', { advanceMs: hourMs })
  expect(after.sandbox.ctx.store.list('stripe.ran')).toEqual(['kept'])
})

test('a move that is not understood is refused', async () => {
  const { control, sandbox } = await startWorld()
  expect((await control('POST', '/clock', { to: 'yesterday' })).status).toBe(400)
  expect((await control('POST', '/clock')).status).toBe(400)
  expect(sandbox.ctx.clock.offsetMs()).toBe(0)
})
