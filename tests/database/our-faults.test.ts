// A service refuses what is ours: one task names the cause, the log has the call, and the person is not blamed.
import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openSignIn } from '../../server/http/sign-in.ts'
import { notJustNow } from '../../server/integrations/our-fault.ts'
import { openContext } from '../../server/journey/context.ts'
import { startOnboarding } from '../../server/journey/payouts/start-onboarding.ts'
import { startCheckout } from '../../server/journey/purchases/start-checkout.ts'
import { runAll } from '../../server/jobs/work.ts'
import { newMobileNumber } from '../../world/person.ts'
import { clearFaults, injectFault } from '../faults/sandbox.ts'
import { newMember, openVerbs, type Verbs } from '../people/verbs.ts'

let verbs: Verbs
const said: string[] = []
beforeAll(async () => {
  verbs = await openVerbs()
})
beforeEach(() => {
  said.length = 0
  vi.spyOn(console, 'warn').mockImplementation((words: string) => void said.push(words))
})
afterEach(async () => {
  await clearFaults(verbs.presence)
  await verbs.db.deleteFrom('operatorTasks').execute()
})
afterAll(() => verbs?.stop())

const tasks = () =>
  verbs.db.selectFrom('operatorTasks').select(['key', 'sentence', 'kind']).orderBy('key').execute()

/** A context that has told the operators nothing yet. */
const fresh = (change: (env: Record<string, string>) => object = () => ({})) => {
  const { config } = verbs.ctx
  return openContext({ ...config, ...change(verbs.presence.env) }, verbs.db)
}

test('a revoked Stripe key makes one task, however many people click, and none is blamed', async () => {
  const ctx = fresh(() => ({ stripe: { ...verbs.ctx.config.stripe, secretKey: 'sk_test_revoked' } }))
  const host = await verbs.db.selectFrom('hosts').select('id').executeTakeFirstOrThrow()
  const member = await newMember(verbs.db)
  for (let click = 0; click < 3; click++) {
    await expect(startOnboarding(ctx, host.id)).rejects.toThrow(notJustNow)
    await expect(startCheckout(ctx, { memberId: member.id, hostId: host.id, plan: 'Adhoc' })).rejects.toThrow(
      notJustNow,
    )
  }
  await expect.poll(tasks).toEqual([
    {
      key: 'refused:stripe:credentials',
      kind: 'setup',
      sentence: expect.stringContaining('STRIPE_SECRET_KEY'),
    },
  ])
  expect(said).toContainEqual(
    expect.stringMatching(/^stripe refused POST \/v1\/accounts: 401 invalid_request_error \(req_\w+\)$/),
  )
  expect(said.join('\n')).not.toContain('sk_test')
})

test.each([
  ['20003', 401, 'refused:twilio:credentials'],
  ['20404', 404, 'refused:twilio:service'],
  ['60605', 403, 'refused:twilio:verify_country'],
  ['60410', 403, 'refused:twilio:fraud_guard'],
])('a refusal %s of codes is about us, and not about the number', async (code, status, key) => {
  const ctx = fresh()
  const signIn = openSignIn(ctx, [ctx.config.publicUrl])
  await injectFault(verbs.presence, {
    provider: 'twilio',
    operation: 'verifications.create',
    kind: 'error_before',
    status,
    code,
  })
  const request = new Request(`${ctx.config.publicUrl}/api/auth/phone-number/send-otp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ phoneNumber: newMobileNumber() }),
  })
  const answer = await signIn.handler(request)
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ code: 'codes_unavailable', message: notJustNow })
  await expect.poll(async () => (await tasks()).map((task) => task.key)).toEqual([key])
})

test('a job that is refused keeps no request with its error', async () => {
  await injectFault(verbs.presence, { provider: 'stripe', operation: '*', kind: 'timeout_after' })
  const [outcome] = await runAll(fresh(), 'register-webhooks', [{}])
  expect(outcome?.status).toBe('rejected')
  const kept = JSON.stringify(outcome, (_key, value: unknown) =>
    value instanceof Error ? { ...value, message: value.message, cause: value.cause } : value,
  )
  for (const [name, value] of Object.entries(verbs.presence.keys))
    if (/KEY|TOKEN|SECRET/.test(name)) expect(kept, name).not.toContain(value)
})

test('the migration deletes credentials that were kept with failed jobs, and nothing else', async () => {
  const text = await readFile(new URL('../../migrations/0015_connections.sql', import.meta.url), 'utf8')
  const deletion = text.slice(text.indexOf('do $$'), text.indexOf('end $$;') + 7)
  const outputs = {
    header: { cause: { config: { headers: { Authorization: 'Basic QUMxMjM6c2VjcmV0' } } } },
    plain: { message: 'twilio: Too Many Requests' },
  }
  for (const [name, output] of Object.entries(outputs)) {
    const id = await verbs.boss.send('mark-absent', { name })
    await sql`update pgboss.job set output = ${JSON.stringify(output)}::jsonb where id = ${id}::uuid`.execute(
      verbs.db,
    )
  }
  await sql.raw(deletion).execute(verbs.db)
  const { rows } = await sql<{ name: string; output: object | null }>`
    select data ->> 'name' as name, output from pgboss.job where name = 'mark-absent' order by 1`.execute(
    verbs.db,
  )
  expect(rows).toEqual([
    { name: 'header', output: null },
    { name: 'plain', output: outputs.plain },
  ])
})
