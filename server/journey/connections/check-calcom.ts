// Cal.com: the key, the webhook, and the event type of every host who is booked there.
import { fetchCalEventTypeFacts } from '../../integrations/calcom-accounts.ts'
import { type CalWebhook, fetchCalOwner, listCalWebhooks } from '../../integrations/calcom-setup.ts'
import type { Context } from '../context.ts'
import { sessionMinutes } from '../plans/plan.ts'
import { calAccountOf, isOfTeam } from '../times/calendar.ts'
import { findCalcom } from '../times/find-calcom.ts'
import { type ConnectionLine, linesOf } from './connection.ts'
import { findHeard } from './find-heard.ts'
import { findRefusal } from './find-refusal.ts'

const { ok, notice, failing } = linesOf('calcom')

/** What we act on (docs/accounts.md). */
const triggers = [
  'BOOKING_CREATED',
  'BOOKING_REQUESTED',
  'BOOKING_CANCELLED',
  'BOOKING_RESCHEDULED',
  'BOOKING_REJECTED',
  'BOOKING_NO_SHOW_UPDATED',
  'MEETING_ENDED',
]
/** Cal.com allows 120 calls a minute, and people book meanwhile. */
const maxHosts = 40

export async function checkCalcom(ctx: Context): Promise<ConnectionLine[]> {
  const key = await findRefusal('calcom', 'key', async () => {
    const { id, username } = await fetchCalOwner(ctx.calcom)
    return ok('key', `Of ${username || `account ${id}`}`)
  })
  if (key[0]?.state === 'failing') return key
  return [
    ...key,
    ...(await findRefusal('calcom', 'webhook', async () =>
      webhookLine(ctx, await listCalWebhooks(ctx.calcom)),
    )),
    await findHeard(ctx.db, 'calcom', 'bookings', 'CALCOM_WEBHOOK_SECRET'),
    ...(await eventTypeLines(ctx)),
  ]
}

function webhookLine(ctx: Context, webhooks: CalWebhook[]): ConnectionLine {
  const url = `${ctx.config.publicUrl}/functions/v1/calcom-webhook`
  const found = webhooks.find(({ subscriberUrl }) => subscriberUrl === url)
  if (!found)
    return failing(
      'webhook',
      'webhook_missing',
      'There is none at our address',
      `Add a webhook at ${url} with the secret and the triggers of docs/accounts.md.`,
    )
  if (!found.active)
    return failing('webhook', 'webhook_disabled', 'It is switched off', 'Switch it on in Cal.com, Webhooks.')
  const missing = triggers.filter((trigger) => !found.triggers.includes(trigger))
  if (missing.length > 0)
    return failing(
      'webhook',
      'webhook_triggers',
      `It lacks ${missing.join(', ')}`,
      'Add these triggers to the webhook in Cal.com.',
    )
  return ok('webhook', 'Registered, with all triggers')
}

async function eventTypeLines(ctx: Context): Promise<ConnectionLine[]> {
  const hosts = await ctx.db
    .selectFrom('hosts')
    .select(['id', 'fullName', 'calUsername', 'calEventSlug'])
    .where('calUsername', 'is not', null)
    .where('status', '=', 'Active')
    .orderBy('fullName')
    .limit(maxHosts)
    .execute()
  const lines: ConnectionLine[] = []
  for (const host of hosts) {
    const name = `event type of ${host.fullName}`
    lines.push(...(await findRefusal('calcom', name, () => eventTypeLine(ctx, name, host))))
  }
  return lines
}

type CalHost = { id: string; fullName: string; calUsername: string | null; calEventSlug: string | null }

/** What is wrong with one host's is a notice: that host has a task of their own (checkCalcoms). */
async function eventTypeLine(ctx: Context, name: string, host: CalHost): Promise<ConnectionLine> {
  const account = calAccountOf(host)
  const where = `${account.username}/${account.eventSlug}`
  // A team's event types are the business's own, and the platform's key books them.
  if (isOfTeam(host)) return ok(name, where)
  const found = await fetchCalEventTypeFacts(await findCalcom(ctx, host.id), account)
  if (!found)
    return notice(
      name,
      `There is no ${where}`,
      `Make the event type, or correct the Cal Link of ${host.fullName} in Airtable.`,
    )
  if (!found.lengthInMinutes.includes(sessionMinutes))
    return notice(
      name,
      `${where} is ${found.lengthInMinutes[0]} minutes long`,
      `Set its length to ${sessionMinutes} minutes in Cal.com.`,
    )
  if (found.questions.length > 0)
    return notice(
      name,
      `${where} asks what we cannot answer: ${found.questions.join(', ')}`,
      'Make these questions optional in Cal.com, under Advanced, Booking questions.',
    )
  if (!found.isHidden)
    return notice(
      name,
      `${where} is public: anybody can book there without paying`,
      'Hide the event type in Cal.com.',
    )
  return ok(name, where)
}
