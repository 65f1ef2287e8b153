// Makes or completes our webhook endpoints at Stripe. What only a person can do is reported to the log and to
// the operators.
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
 * Checks both endpoints: for our own events and for those of connected accounts. Answers what is left for a
 * person.
 */
export async function registerStripeEndpoints(ctx: Context): Promise<string[]> {
  const url = `${ctx.config.publicUrl}/functions/v1/stripe-payment-confirm`
  const known = (await listEndpoints(ctx.stripe)).filter((endpoint) => endpoint.url === url)
  const open = [
    ...(await ensureEndpoint(
      ctx,
      url,
      known.filter((one) => !one.isConnect),
      false,
    )),
    ...(await ensureEndpoint(
      ctx,
      url,
      known.filter((one) => one.isConnect),
      true,
    )),
  ]
  for (const { sentence } of open) console.warn(`Stripe: ${sentence}`)
  await notifyOperators(ctx, open)
  return open.map(({ sentence }) => sentence)
}

/** `isCheckable`: the next check shows whether it is done; otherwise only a person knows. */
type OpenPoint = { key: string; sentence: string; isCheckable: boolean }

async function ensureEndpoint(
  ctx: Context,
  url: string,
  known: Endpoint[],
  isConnect: boolean,
): Promise<OpenPoint[]> {
  const events: string[] = [...(isConnect ? stripeEvents.connect : stripeEvents.platform)]
  const what = isConnect ? 'the webhook endpoint for connected accounts' : 'the webhook endpoint'
  const endpoint = known.find((one) => one.isEnabled) ?? known[0]
  if (!endpoint) {
    if (!isReachable(url))
      return [checkable(`${what} can only be made when PUBLIC_URL is an address that Stripe reaches.`)]
    const { id } = await createEndpoint(ctx.stripe, { url, events, isConnect })
    const sentence = `${what} was made for ${url}. Add its signing secret, which Stripe's dashboard shows, to STRIPE_WEBHOOK_SECRET (separated by a comma).`
    return [{ key: `stripe_secret:${id}`, sentence, isCheckable: false }]
  }
  const missing = events.filter((event) => !endpoint.events.includes(event) && !endpoint.events.includes('*'))
  if (missing.length > 0 || !endpoint.isEnabled)
    await setEndpointEvents(ctx.stripe, endpoint.id, [...endpoint.events, ...missing])
  if (endpoint.apiVersion === apiVersion) return []
  return [
    checkable(
      `${what} was made for version ${endpoint.apiVersion ?? '(the default of the account)'} of Stripe's interface, Presence speaks ${apiVersion}. ` +
        'Delete it in Stripe and start Presence again, then set its new secret.',
    ),
  ]
}

const checkable = (sentence: string): OpenPoint => ({
  key: `stripe_endpoint:${sentence.slice(0, 120)}`,
  sentence,
  isCheckable: true,
})

const isReachable = (url: string) =>
  url.startsWith('https://') && !/^https:\/\/(localhost|127\.|\[::1\])/.test(url)

async function notifyOperators(ctx: Context, open: OpenPoint[]): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    for (const { key, sentence } of open)
      await addOperatorTask(tx, { key, kind: 'setup', sentence: `Stripe: ${sentence}` })
    if (open.some(({ isCheckable }) => isCheckable)) return
    await tx
      .updateTable('operatorTasks')
      .set({ resolvedAt: now(), resolution: 'Found in order' })
      .where('key', 'like', 'stripe_endpoint:%')
      .where('resolvedAt', 'is', null)
      .execute()
  })
}
