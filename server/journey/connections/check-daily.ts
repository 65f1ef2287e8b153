// Daily: the key, the domain with its defaults, and the webhook.
import { type DailyWebhook, fetchDailyDomain, listDailyWebhooks } from '../../integrations/daily-setup.ts'
import type { Context } from '../context.ts'
import { type ConnectionLine, linesOf } from './connection.ts'
import { findHeard } from './find-heard.ts'
import { findRefusal } from './find-refusal.ts'

const { ok, notice, failing } = linesOf('daily')

/** A room's name has up to 29 characters, and Daily allows 41 for domain and room. */
const longestDomain = 12
const events = ['participant.joined', 'participant.left']

export async function checkDaily(ctx: Context): Promise<ConnectionLine[]> {
  if (ctx.config.video === 'builtin') return [ok('key', 'Not used: rooms are our own')]
  const domain = await findRefusal('daily', 'key', () => domainLines(ctx))
  if (domain[0]?.state === 'failing') return domain
  return [
    ...domain,
    ...(await findRefusal('daily', 'webhook', async () =>
      webhookLine(ctx, await listDailyWebhooks(ctx.daily)),
    )),
    await findHeard(ctx.db, 'daily', 'rooms', 'DAILY_WEBHOOK_SECRET'),
  ]
}

async function domainLines(ctx: Context): Promise<ConnectionLine[]> {
  const { name, records, transcribes } = await fetchDailyDomain(ctx.daily)
  const lines = [ok('key', `Of the domain ${name}`)]
  lines.push(
    name.length > longestDomain
      ? failing(
          'domain',
          'domain_length',
          `The name ${name} has ${name.length} characters`,
          `Choose a domain with at most ${longestDomain}: rooms could not be made otherwise.`,
        )
      : ok('domain', name),
  )
  const kept = [records ? 'recorded' : '', transcribes ? 'transcribed' : ''].filter(Boolean)
  lines.push(
    kept.length > 0
      ? notice(
          'defaults',
          `Rooms may be ${kept.join(' and ')} by default`,
          "Switch it off in Daily's dashboard, under Settings: members are told that nothing is kept.",
        )
      : ok('defaults', 'Nothing is recorded'),
  )
  return lines
}

function webhookLine(ctx: Context, webhooks: DailyWebhook[]): ConnectionLine {
  const url = `${ctx.config.publicUrl}/functions/v1/daily-webhook`
  const found = webhooks.find((one) => one.url === url)
  if (!found)
    return failing(
      'webhook',
      'webhook_missing',
      'There is none at our address',
      `Register one at ${url} with the command in docs/accounts.md.`,
    )
  if (found.state !== 'ACTIVE')
    return failing(
      'webhook',
      'webhook_stopped',
      `It is ${found.state ?? 'stopped'}: Daily gave up after failures`,
      'Register it again with the command in docs/accounts.md, which starts it.',
    )
  const missing = events.filter((event) => !found.eventTypes.includes(event))
  if (missing.length > 0)
    return failing(
      'webhook',
      'webhook_events',
      `It lacks ${missing.join(', ')}`,
      'Register it again with the command in docs/accounts.md.',
    )
  if (found.retryType !== 'exponential')
    return failing(
      'webhook',
      'webhook_retries',
      'Three failures would stop all events of the domain',
      'Register it again with retryType exponential.',
    )
  return ok('webhook', 'Registered, with all events')
}
