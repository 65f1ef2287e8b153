// From a message job to the words one person reads: the operators' template, or ours where theirs is missing.
import { formatMoney } from '../../lib/money.ts'
import type { MessageJob } from '../../db/jobs.ts'
import { isEnded } from '../bookings/booking.ts'
import { manageUrl } from '../bookings/open-link.ts'
import type { Context } from '../context.ts'
import { firstName } from '../members/member.ts'
import { readTerms } from '../purchases/terms.ts'
import { defaultTemplates, type TemplateName } from './default-templates.ts'
import { renderTemplate } from './template.ts'

/** Messages about one session's time: their link manages that session without signing in. */
const linked = new Set<string>(['Booking Confirmation', 'Session Moved', 'Session Reminder', 'Session Cancelled'])

export type ComposedMessage = { mobileNumber: string; body: string }

/** Undefined where there is nobody to send it to. */
export async function composeMessage(ctx: Context, job: MessageJob): Promise<ComposedMessage | undefined> {
  const booking = job.bookingId
    ? await ctx.db.selectFrom('bookings').selectAll().where('id', '=', job.bookingId).executeTakeFirst()
    : undefined
  const purchaseId = job.purchaseId ?? booking?.purchaseId
  const purchase = purchaseId
    ? await ctx.db.selectFrom('purchases').selectAll().where('id', '=', purchaseId).executeTakeFirst()
    : undefined
  const memberId = job.memberId ?? booking?.memberId ?? purchase?.memberId
  const hostId = job.hostId ?? booking?.hostId ?? purchase?.hostId
  const member = memberId ? await ctx.db.selectFrom('members').selectAll().where('id', '=', memberId).executeTakeFirst() : undefined
  const host = hostId ? await ctx.db.selectFrom('hosts').selectAll().where('id', '=', hostId).executeTakeFirst() : undefined
  const recipient = job.recipient === 'member' ? member : host
  if (!recipient?.mobileNumber) return undefined

  const startAt = job.startAt ? new Date(job.startAt) : booking?.startAt
  const page = ctx.config.publicUrl
  const unused = purchase
    ? await ctx.db
        .selectFrom('bookings')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('purchaseId', '=', purchase.id)
        .where('state', '=', 'pending')
        .executeTakeFirstOrThrow()
    : { count: 0 }
  const nameOfMember = firstName(member?.fullName ?? '', job.recipient === 'member' ? 'there' : 'a member')
  const nameOfHost = firstName(host?.fullName ?? '', 'your host')
  const values: Record<string, string> = {
    // Texts speak to a member about a host. Read by the host, the two change places: "You are meeting Robin".
    member_name: job.recipient === 'member' ? nameOfMember : nameOfHost,
    host_name: job.recipient === 'member' ? nameOfHost : nameOfMember,
    start_time: startAt ? formatStart(startAt, recipient.timeZone) : '',
    join_url: booking ? `${page}/video-session?booking=${booking.id}` : page,
    manage_url: linked.has(job.template) && booking && !isEnded(booking.state) ? manageUrl(ctx, booking, job.recipient) : job.recipient === 'host' ? `${page}/host` : page,
    plan_name: purchase?.plan ?? '',
    amount: purchase ? formatMoney(purchase.amountCents, purchase.currency) : '',
    sessions_total: purchase ? String(readTerms(purchase.terms).sessions) : '',
    sessions_left: String(unused.count),
    expires_at: booking ? formatStart(booking.validUntil, recipient.timeZone) : '',
  }
  return { mobileNumber: recipient.mobileNumber, body: renderTemplate(await templateBody(ctx, job.template), values) }
}

async function templateBody(ctx: Context, name: string): Promise<string> {
  const edited = await ctx.db
    .selectFrom('templates')
    .select('body')
    .where('name', '=', name)
    .where('isActive', '=', true)
    .orderBy('airtableRecordId')
    .executeTakeFirst()
  return edited?.body ?? defaultTemplates[name as TemplateName]?.body ?? ''
}

/** "Mon 23 Nov, 9:00 am AEDT": in the recipient's own zone, with the zone said. */
export function formatStart(moment: Date, timeZone: string): string {
  const text = new Intl.DateTimeFormat('en-AU', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(moment)
  // Intl puts narrow no-break spaces before am and pm; an SMS with one of them costs twice as much.
  return text.replaceAll(/[\u00a0\u202f]/g, ' ')
}
