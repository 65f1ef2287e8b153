// From a message job and its facts to the text that one person reads.
import { formatMoney } from '../../lib/money.ts'
import { plainText } from '../../lib/plain-text.ts'
import type { Config } from '../../config.ts'
import type { MessageJob } from '../../db/jobs.ts'
import { isEnded } from '../bookings/booking.ts'
import { manageUrl } from '../bookings/open-link.ts'
import { sessionPageOf } from '../bookings/session-page.ts'
import { firstName } from '../members/member.ts'
import { readTerms } from '../plans/terms.ts'
import { isMarketing } from './message.ts'
import type { MessageFacts } from './read-message-facts.ts'
import { renderTemplate } from './template.ts'

/** Messages about one session's time: their link opens that session without signing in. */
const linked = new Set<string>([
  'Booking Confirmation',
  'Session Moved',
  'Session Reminder',
  'Session Cancelled',
  'Session Ended',
])

/** Sent to a number that opens nothing any more: their link leads to where anybody can write to us. */
const aboutNumbers = new Set<string>(['Number Changed', 'Host Number Changed'])

export type ComposedMessage = { mobileNumber: string; body: string }

/** Undefined where nobody can receive it. */
export function composeMessage(
  config: Config,
  job: MessageJob,
  facts: MessageFacts,
): ComposedMessage | undefined {
  if (job.recipient === 'operator') return composeAlert(config, job, facts)
  const { booking, purchase, member, host } = facts
  const recipient = job.recipient === 'member' ? member : host
  const mobileNumber = job.mobileNumber ?? recipient?.mobileNumber
  if (!recipient || !mobileNumber) return undefined

  const startAt = job.startAt ? new Date(job.startAt) : booking?.startAt
  const page = config.publicUrl
  const isOwnName = (role: 'host' | 'member') => role === job.recipient || !facts.isBlocked
  const nameOfMember = firstName(
    isOwnName('member') ? (member?.fullName ?? '') : '',
    job.recipient === 'member' ? 'there' : 'a member',
  )
  const nameOfHost = firstName(isOwnName('host') ? (host?.fullName ?? '') : '', 'your host')
  const values: Record<string, string> = {
    // Texts speak to a member about a host. For a host the two names are swapped: "You are meeting Robin".
    member_name: job.recipient === 'member' ? nameOfMember : nameOfHost,
    host_name: job.recipient === 'member' ? nameOfHost : nameOfMember,
    start_time: startAt ? formatStart(startAt, recipient.timeZone) : '',
    join_url: booking ? sessionPageOf(page, booking.id) : page,
    manage_url:
      linked.has(job.template) && booking && !isEnded(booking.state)
        ? manageUrl(config, booking, job.recipient)
        : aboutNumbers.has(job.template)
          ? `${page}/help`
          : job.recipient === 'host'
            ? `${page}/host`
            : page,
    plan_name: purchase?.plan ?? '',
    amount: purchase ? formatMoney(purchase.amountCents, purchase.currency) : '',
    sessions_total: purchase ? String(readTerms(purchase.terms).sessions) : '',
    sessions_left: String(facts.unusedSessions),
    decision: job.decision ? decisionWords[job.decision][job.recipient] : '',
    expires_at: booking ? formatStart(booking.validUntil, recipient.timeZone) : '',
  }
  return {
    mobileNumber,
    body: withWayOut(config, job, plainText(renderTemplate(facts.template.body, values))),
  }
}

/** News and offers say who writes, and how to stop them. */
function withWayOut(config: Config, { template }: MessageJob, body: string): string {
  if (!isMarketing(template)) return body
  const isNamed = body.toLowerCase().includes(config.seller.name.toLowerCase())
  const named = isNamed ? body : `${config.seller.name}: ${body}`
  return /\bSTOP\b/.test(named) ? named : `${named} Text STOP to opt out.`
}

/** What was decided, in true words for each of the two. */
const decisionWords: Record<NonNullable<MessageJob['decision']>, { member: string; host: string }> = {
  apart: {
    member: 'You two will not be brought together again.',
    host: 'You two will not be brought together again.',
  },
  for_member: {
    member: 'We ended this session. It is yours again: meet another host, or take your money back.',
    host: 'We ended this session, and the member has it back.',
  },
  for_host: {
    member: 'We ended this session. It counts as held and is not refunded.',
    host: 'We ended this session. It counts as held, and your share is paid.',
  },
}

/** For operators on duty. It quotes nothing: what was reported is read after signing in. */
function composeAlert(config: Config, job: MessageJob, facts: MessageFacts): ComposedMessage | undefined {
  if (!job.mobileNumber) return undefined
  const values = {
    urgency: job.urgency === 2 ? 'POSSIBLE DANGER' : 'not urgent by its words',
    manage_url: `${config.publicUrl}/ops`,
  }
  return { mobileNumber: job.mobileNumber, body: renderTemplate(facts.template.body, values) }
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
