// Stripe: the keys, the rights, Connect, both webhook endpoints, wallets, and who can be paid from here.
import { apiVersion, type Endpoint, listEndpoints } from '../../integrations/stripe-endpoints.ts'
import {
  fetchOwnAccount,
  findWalletDomain,
  type OwnAccount,
  type StripeRight,
  stripeRights,
  tryRight,
} from '../../integrations/stripe-account.ts'
import { isLiveKey } from '../../integrations/stripe.ts'
import { now, toRealTime } from '../../lib/time.ts'
import type { Context } from '../context.ts'
import { stripeEvents } from '../money/stripe-events.ts'
import { clockToleranceMs, type ConnectionLine, linesOf } from './connection.ts'
import { findHeard } from './find-heard.ts'
import { findRefusal } from './find-refusal.ts'

const { ok, notice, failing } = linesOf('stripe')

export async function checkStripe(ctx: Context): Promise<ConnectionLine[]> {
  const key = await findRefusal('stripe', 'key', async () =>
    accountLines(ctx, await fetchOwnAccount(ctx.stripe)),
  )
  // Without the key nothing else can be asked.
  if (key.some(({ name, state }) => name === 'key' && state === 'failing')) return key
  return [
    ...key,
    publishableKey(ctx),
    ...(await rights(ctx)),
    ...(await findRefusal('stripe', 'webhooks', async () => endpointLines(ctx))),
    await findHeard(ctx.db, 'stripe', 'checkouts', 'STRIPE_WEBHOOK_SECRET'),
    ...(await findRefusal('stripe', 'wallets', () => walletLine(ctx))),
  ]
}

function accountLines(ctx: Context, account: OwnAccount): ConnectionLine[] {
  const mode = account.isLive ? 'live' : 'test'
  const lines = [ok('key', `${account.id} in ${account.country}, ${mode} mode`)]
  if (!account.canTakePayments)
    lines.push(
      failing(
        'payments',
        'not_activated',
        'The account takes no payments yet',
        "Finish the account's activation in Stripe's dashboard: it asks for the business, a person and a bank account.",
      ),
    )
  else lines.push(ok('payments', 'The account takes payments'))
  if (ctx.config.isProduction && !account.isLive)
    lines.push(notice('mode', 'Test mode: no real money moves', 'Set the keys of live mode before you sell.'))
  const difference = account.answeredAt
    ? Math.abs(account.answeredAt.getTime() - toRealTime(now()).getTime())
    : 0
  lines.push(
    difference > clockToleranceMs
      ? failing(
          'clock',
          'clock',
          `The clock of this machine is ${Math.round(difference / 1000)} seconds off`,
          'Let the machine set its clock by NTP: signatures are refused as too old otherwise.',
        )
      : ok('clock', 'The clock of this machine agrees'),
  )
  return lines
}

function publishableKey({ config }: Context): ConnectionLine {
  const { secretKey, publishableKey: key } = config.stripe
  const name = 'publishable key'
  if (!key.startsWith('pk_'))
    return failing(
      name,
      'publishable_key',
      'STRIPE_PUBLISHABLE_KEY is no publishable key',
      'Set STRIPE_PUBLISHABLE_KEY to the key that begins with pk_: it is sent to every browser.',
    )
  if (isLiveKey(key) !== isLiveKey(secretKey))
    return failing(
      name,
      'keys_of_two_modes',
      'One key is of test mode, the other of live mode',
      'Set STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY of the same mode.',
    )
  return ok(name, 'Of the same mode')
}

async function rights(ctx: Context): Promise<ConnectionLine[]> {
  const lines: ConnectionLine[] = []
  for (const right of Object.keys(stripeRights) as StripeRight[]) {
    const found = await findRefusal('stripe', `right: ${right}`, async () => {
      await tryRight(ctx.stripe, right)
      return []
    })
    lines.push(...found)
  }
  return lines.length > 0 ? lines : [ok('rights', 'The key may do all that is needed')]
}

async function endpointLines(ctx: Context): Promise<ConnectionLine[]> {
  const url = `${ctx.config.publicUrl}/functions/v1/stripe-payment-confirm`
  const ours = (await listEndpoints(ctx.stripe)).filter((endpoint) => endpoint.url === url)
  return [
    endpointLine(
      'webhook',
      url,
      stripeEvents.platform,
      ours.filter((one) => !one.isConnect),
    ),
    endpointLine(
      'webhook of accounts',
      url,
      stripeEvents.connect,
      ours.filter((one) => one.isConnect),
    ),
  ]
}

function endpointLine(
  name: string,
  url: string,
  events: readonly string[],
  known: Endpoint[],
): ConnectionLine {
  const cause = name.replaceAll(' ', '_')
  const endpoint = known.find((one) => one.isEnabled) ?? known[0]
  if (!endpoint)
    return failing(
      name,
      `${cause}_missing`,
      'There is none at our address',
      `Start Presence, which makes it, then add its secret to STRIPE_WEBHOOK_SECRET. Its address is ${url}.`,
    )
  if (!endpoint.isEnabled)
    return failing(
      name,
      `${cause}_disabled`,
      'It is switched off',
      "Switch it on in Stripe's dashboard, under Developers, Webhooks.",
    )
  const missing = events.filter((event) => !endpoint.events.includes(event) && !endpoint.events.includes('*'))
  if (missing.length > 0)
    return failing(
      name,
      `${cause}_events`,
      `It lacks ${missing.join(', ')}`,
      'Start Presence, which adds them, or add them in the dashboard.',
    )
  if (endpoint.apiVersion !== apiVersion)
    return failing(
      name,
      `${cause}_version`,
      `It speaks version ${endpoint.apiVersion ?? 'of the account'}, and Presence ${apiVersion}`,
      "Delete it in Stripe's dashboard, start Presence, and set the new secret.",
    )
  return ok(name, 'Registered, with all events')
}

async function walletLine(ctx: Context): Promise<ConnectionLine> {
  const { hostname } = new URL(ctx.config.publicUrl)
  const domain = await findWalletDomain(ctx.stripe, hostname)
  if (!domain)
    return failing(
      'wallets',
      'domain_missing',
      `${hostname} is not registered, so no Apple Pay, Google Pay or Link is shown`,
      'Start Presence, which registers it, or add it in Settings, Payment method domains.',
    )
  if (!domain.isEnabled)
    return failing(
      'wallets',
      'domain_disabled',
      `${hostname} is switched off`,
      'Switch it on in Settings, Payment method domains.',
    )
  if (domain.inactive.length > 0)
    return notice(
      'wallets',
      `Not shown on ${hostname}: ${domain.inactive.join(', ')}`,
      "Set APPLE_PAY_DOMAIN_FILE to the text of Apple's file, and validate the domain in the dashboard.",
    )
  return ok('wallets', `${hostname} is registered`)
}
