// Measures how soon an event of Stripe is answered, 32 at once: signature, row, job, commit, answer.
import { stripeOf } from '../world/outside.ts'
import type { World } from '../world/person.ts'
import { type Call, flood } from './flood.ts'
import { type Line, milliseconds, percentile, times } from './line.ts'
import { insertsPerSecond } from './pgbench.ts'

const atOnce = 32
const events = 960

export async function measureWebhooks(world: World & { databaseUrl: string }): Promise<Line[]> {
  const calls = await signedEvents(world, events + atOnce)
  await flood(world.url, calls.splice(0, atOnce), atOnce) // warms up connections and code
  const bare = await flood(
    world.url,
    Array.from({ length: events }, () => ({ method: 'GET', path: '/readyz' })),
    atOnce,
  )
  const acknowledged = await flood(world.url, calls, atOnce)
  const inserts = insertsPerSecond(world.databaseUrl, atOnce)
  const [p50, p99] = [0.5, 0.99].map((share) => percentile(acknowledged.latenciesMs, share)) as [
    number,
    number,
  ]
  const [bareP50, bareP99] = [0.5, 0.99].map((share) => percentile(bare.latenciesMs, share)) as [
    number,
    number,
  ]
  return [
    {
      name: `payment webhook acknowledged, ${atOnce} at once`,
      measured: `p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}`,
      values: { p50Ms: p50, p99Ms: p99, bareP50Ms: bareP50, bareP99Ms: bareP99 },
      aim: 'p99 under 250 ms',
      ratio: `p50 ${times(p50, bareP50)}, p99 ${times(p99, bareP99)} a "select 1" over HTTP (${milliseconds(bareP50)}, ${milliseconds(bareP99)})`,
    },
    {
      name: 'payment webhooks a second, one process',
      measured: `${Math.round(acknowledged.perSecond)}`,
      values: {
        perSecond: acknowledged.perSecond,
        ...(inserts.perSecond === undefined ? {} : { pgbenchInsertsPerSecond: inserts.perSecond }),
      },
      ratio:
        inserts.perSecond === undefined
          ? inserts.why
          : `${(acknowledged.perSecond / inserts.perSecond).toFixed(2)} of pgbench's ${Math.round(inserts.perSecond)} bare inserts a second`,
    },
  ]
}

/** Events about a payment confirmed long ago: each is new to us, and changes nothing. */
async function signedEvents(world: World, count: number): Promise<Call[]> {
  const stripe = stripeOf(world)
  const { data } = await stripe.events.list({ type: 'checkout.session.completed', limit: 1 })
  const [known] = data
  if (!known) throw new Error('nobody has paid yet, so there is no event to send again')
  const clock = (await (await fetch(`${world.sandboxUrl}/_sandbox/clock`)).json()) as { now: string }
  const timestamp = Math.floor(new Date(clock.now).getTime() / 1000)
  const secret = world.keys['STRIPE_WEBHOOK_SECRET']!
  return Array.from({ length: count }, (_, index): Call => {
    const body = JSON.stringify({ ...known, id: `evt_bench_${timestamp}_${index}` })
    const signature = stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp })
    return {
      method: 'POST',
      path: '/functions/v1/stripe-payment-confirm',
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
      body,
    }
  })
}
