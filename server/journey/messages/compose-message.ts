// From a message job and its facts to the text that one person reads.
import { formatMoney } from '../../lib/money.ts'
import type { Config } from '../../config.ts'
import type { MessageJob } from '../../db/jobs.ts'
import { isEnded } from '../bookings/booking.ts'
import { manageUrl } from '../bookings/open-link.ts'
import { firstName } from '../members/member.ts'
import { readTerms } from '../plans/terms.ts'
import type { MessageFacts } from './read-message-facts.ts'
import { renderTemplate } from './template.ts'

/** Messages about one session's time: their link opens that session without signing in. */
const linked = new Set<string>([
  'Booking Confirmation',
  'Session Moved',
  'Session Reminder',
  'Session Cancelled',
])

export type ComposedMessage = { mobileNumber: string; body: string }

/** Undefined where nobody can receive it. */
export function composeMessage(
  config: Config,
  job: MessageJob,
  facts: MessageFacts,
): ComposedMessage | undefined {
  const { booking, purchase, member, host } = facts
  const recipient = job.recipient === 'member' ? member : host
  if (!recipient?.mobileNumber) return undefined

  const startAt = job.startAt ? new Date(job.startAt) : booking?.startAt
  const page = config.publicUrl
  const nameOfMember = firstName(member?.fullName ?? '', job.recipient === 'member' ? 'there' : 'a member')
  const nameOfHost = firstName(host?.fullName ?? '', 'your host')
  const values: Record<string, string> = {
    // Texts speak to a member about a host. For a host the two names are swapped: "You are meeting Robin".
    member_name: job.recipient === 'member' ? nameOfMember : nameOfHost,
    host_name: job.recipient === 'member' ? nameOfHost : nameOfMember,
    start_time: startAt ? formatStart(startAt, recipient.timeZone) : '',
    join_url: booking ? `${page}/video-session?booking=${booking.id}` : page,
    manage_url:
      linked.has(job.template) && booking && !isEnded(booking.state)
        ? manageUrl(config, booking, job.recipient)
        : job.recipient === 'host'
          ? `${page}/host`
          : page,
    plan_name: purchase?.plan ?? '',
    amount: purchase ? formatMoney(purchase.amountCents, purchase.currency) : '',
    sessions_total: purchase ? String(readTerms(purchase.terms).sessions) : '',
    sessions_left: String(facts.unusedSessions),
    expires_at: booking ? formatStart(booking.validUntil, recipient.timeZone) : '',
  }
  return { mobileNumber: recipient.mobileNumber, body: renderTemplate(facts.template.body, values) }
}

// Making a formatter takes far longer than using it.
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-AU', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  })
  formatters.set(timeZone, made)
  return made
}

/** "Mon 23 Nov, 9:00 am AEDT": in the recipient's own zone, with the zone said. */
function formatStart(moment: Date, timeZone: string): string {
  // Intl puts narrow no-break spaces before am and pm; an SMS with one of them costs twice as much.
  return formatterOf(timeZone)
    .format(moment)
    .replaceAll(/[\u00a0\u202f]/g, ' ')
}
