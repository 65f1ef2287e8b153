// Sees to it that Stripe tells us what we act on: its endpoints are made or completed, and what only a person
// can do is said, once, to the log and to the operators.
import { inTransaction } from '../../db/client.ts'
import { addOperatorTask } from '../../db/operator-tasks.ts'
import {
  apiVersion,
  createEndpoint,
  type Endpoint,
  listEndpoints,
  setEndpointEvents,
} from '../../integrations/stripe-endpoints.ts'
import { now } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { stripeEvents } from './stripe-events.ts'

/**
 * Checks both endpoints (our own events, those of connected accounts). Answers what is left for a person to
 * do.
 */
export async function registerStripeEndpoints(ctx: Context): Promise<string[]> {
  const url = `${ctx.config.publicUrl}/functions/v1/stripe-payment-confirm`
  const known = (await listEndpoints(ctx.stripe)).filter((endpoint) => endpoint.url === url)
  const left = [
    ...(await seeTo(
      ctx,
      url,
      known.filter((one) => !one.isConnect),
      false,
    )),
    ...(await seeTo(
      ctx,
      url,
      known.filter((one) => one.isConnect),
      true,
    )),
  ]
  for (const { sentence } of left) console.warn(`Stripe: ${sentence}`)
  await tellOperators(ctx, left)
  return left.map(({ sentence }) => sentence)
}

/** `isSeen`: whether it is in order shows at the next look; else only a person knows when it is done. */
type Left = { key: string; sentence: string; isSeen: boolean }

async function seeTo(ctx: Context, url: string, known: Endpoint[], isConnect: boolean): Promise<Left[]> {
  const wanted: string[] = [...(isConnect ? stripeEvents.connect : stripeEvents.platform)]
  const what = isConnect ? 'the webhook endpoint for connected accounts' : 'the webhook endpoint'
  const endpoint = known.find((one) => one.isEnabled) ?? known[0]
  if (!endpoint) {
    if (!isReachable(url))
      return [seen(`${what} can only be made when PUBLIC_URL is an address that Stripe reaches.`)]
    const { id } = await createEndpoint(ctx.stripe, { url, events: wanted, isConnect })
    const sentence = `${what} was made for ${url}. Add its signing secret, which Stripe's dashboard shows, to STRIPE_WEBHOOK_SECRET (separated by a comma).`
    return [{ key: `stripe_secret:${id}`, sentence, isSeen: false }]
  }
  const missing = wanted.filter((event) => !endpoint.events.includes(event) && !endpoint.events.includes('*'))
  if (missing.length > 0 || !endpoint.isEnabled)
    await setEndpointEvents(ctx.stripe, endpoint.id, [...endpoint.events, ...missing])
  if (endpoint.apiVersion === apiVersion) return []
  return [
    seen(
      `${what} was made for version ${endpoint.apiVersion ?? '(the default of the account)'} of Stripe's interface, Presence speaks ${apiVersion}. ` +
        'Delete it in Stripe and start Presence again, then set its new secret.',
    ),
  ]
}

const seen = (sentence: string): Left => ({
  key: `stripe_endpoint:${sentence.slice(0, 120)}`,
  sentence,
  isSeen: true,
})

const isReachable = (url: string) =>
  url.startsWith('https://') && !/^https:\/\/(localhost|127\.|\[::1\])/.test(url)

async function tellOperators(ctx: Context, left: Left[]): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    for (const { key, sentence } of left)
      await addOperatorTask(tx, { key, kind: 'setup', sentence: `Stripe: ${sentence}` })
    if (left.some(({ isSeen }) => isSeen)) return
    await tx
      .updateTable('operatorTasks')
      .set({ resolvedAt: now(), resolution: 'Found in order' })
      .where('key', 'like', 'stripe_endpoint:%')
      .where('resolvedAt', 'is', null)
      .execute()
  })
}
