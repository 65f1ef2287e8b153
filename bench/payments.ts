// Measures payments confirmed per second over HTTP, beside the same SQL alone on the same PostgreSQL. A
// confirmation checks the signature, stores the event, runs the job, asks Stripe, posts to the ledger, grants
// the sessions, and enqueues the SMS and the records.
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Checkout } from '../server/journey/purchases/purchase-view.ts'
import { hostNamed, memberNamed, setHours } from '../world/acts.ts'
import { payCheckout, stripeOf } from '../world/outside.ts'
import { newMobileNumber, type Person, type World } from '../world/person.ts'
import { type Call, flood } from './flood.ts'
import { type Line, milliseconds, percentile } from './line.ts'
import { runPgbench } from './pgbench.ts'
import { recordConfirmation } from './same-sql.ts'

const atOnce = 8
const payments = 240
const warmUp = 60

export async function measurePayments(world: World & { databaseUrl: string }): Promise<Line> {
  const fault = await dropStripe(world)
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  try {
    const paid = await payUnheard(world)
    const same = await recordConfirmation(world, atOnce)
    try {
      await confirm(client, world, paid.slice(0, warmUp))
      const { perSecond, latenciesMs } = await confirm(client, world, paid.slice(warmUp))
      const bare = runPgbench(same.databaseUrl, same.script, {
        clients: atOnce,
        each: 100,
        variables: { i: 0, job_id: 0 },
      })
      const p99 = percentile(latenciesMs, 0.99)
      return {
        name: `payments confirmed a second over HTTP, ${atOnce} at once`,
        measured: `${perSecond.toFixed(0)} a second; acknowledged within ${milliseconds(p99)} (p99)`,
        values: {
          perSecond,
          acknowledgedP99Ms: p99,
          statements: same.statements,
          ...(bare.perSecond === undefined
            ? {}
            : { pgbenchPerSecond: bare.perSecond, ratio: perSecond / bare.perSecond }),
        },
        aim: '0.35 or more of pgbench',
        ratio:
          bare.perSecond === undefined
            ? bare.why
            : `${(perSecond / bare.perSecond).toFixed(2)} of the ${bare.perSecond.toFixed(0)} a second that pgbench does of the same ${same.statements} statements`,
      }
    } finally {
      await same.drop()
    }
  } finally {
    await client.end()
    await fetch(`${world.sandboxUrl}/_sandbox/faults/${fault}`, { method: 'DELETE' })
  }
}

/** Drops Stripe's own webhooks, so that each event arrives when it is measured. */
async function dropStripe(world: World): Promise<string> {
  const answer = await fetch(`${world.sandboxUrl}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ provider: 'stripe', kind: 'drop' }),
  })
  return ((await answer.json()) as { id: string }).id
}

/** Pays checkouts at Stripe without our server hearing of them, and answers their ids. */
async function payUnheard(world: World): Promise<string[]> {
  const members: Person[] = []
  for (let index = 0; index < atOnce; index++)
    members.push(await memberNamed(world, 'Sam Rivers', newMobileNumber()))
  await setHours(world)
  const hostId = await hostNamed(members[0]!, 'Ruby Tamihana')
  const checkouts: string[] = []
  await Promise.all(
    members.map(async (member) => {
      for (let index = 0; index < (payments + warmUp) / atOnce; index++) {
        const { clientSecret } = await member.ask<Checkout>('POST', '/api/checkout', {
          plan: 'Adhoc',
          hostId,
        })
        const checkoutId = clientSecret.split('_secret_')[0]!
        await payCheckout(world, checkoutId)
        checkouts.push(checkoutId)
      }
    }),
  )
  return checkouts
}

async function confirm(
  client: pg.Client,
  world: World,
  checkouts: string[],
): Promise<{ perSecond: number; latenciesMs: number[] }> {
  const calls = await signedEvents(world, checkouts)
  const open = async () => {
    const { rows } = await client.query<{ open: number }>(
      `
      select count(*)::int as open from purchases left join webhook_events on payload #>> '{data,object,id}' = checkout_id and handled_at is not null
      where checkout_id = any($1) and (status = 'open' or webhook_events.id is null)`,
      [checkouts],
    )
    return rows[0]!.open
  }
  const startedAt = performance.now()
  const { latenciesMs } = await flood(world.url, calls, atOnce)
  while ((await open()) > 0) await sleep(25)
  return { perSecond: checkouts.length / ((performance.now() - startedAt) / 1000), latenciesMs }
}

async function signedEvents(world: World, checkouts: string[]): Promise<Call[]> {
  const stripe = stripeOf(world)
  const clock = (await (await fetch(`${world.sandboxUrl}/_sandbox/clock`)).json()) as { now: string }
  const timestamp = Math.floor(new Date(clock.now).getTime() / 1000)
  const secret = world.keys['STRIPE_WEBHOOK_SECRET']!
  const wanted = new Set(checkouts)
  const calls: Call[] = []
  for await (const event of stripe.events.list({ type: 'checkout.session.completed', limit: 100 })) {
    if (!wanted.delete((event.data.object as { id: string }).id)) continue
    const body = JSON.stringify(event)
    const signature = stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp })
    calls.push({
      method: 'POST',
      path: '/functions/v1/stripe-payment-confirm',
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
      body,
    })
    if (wanted.size === 0) break
  }
  if (wanted.size > 0) throw new Error(`Stripe has no event of ${wanted.size} payments`)
  return calls
}
