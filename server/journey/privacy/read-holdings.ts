// Everything we hold of somebody, in one place: this list is what they are given, and what they are not given
// says why. A test compares it with the database's own catalog, so that a new table or column is noticed.
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../db/client.ts'
import { now } from '../../lib/time.ts'
import type { Who } from '../request.ts'
import type { Held, Holdings } from './holding.ts'

/** The ids by which rows are found; an id that somebody does not have finds nothing. */
type Of = { personId: string; memberId: string | null; hostId: string | null; number: string }

type Holding = {
  title: string
  table: string
  /** Shown, in this order. */
  columns: string[]
  /** Not shown: ids of ours and of services, and what is the other person's. */
  without: string[]
  of: (of: Of) => RawBuilder<boolean>
}

/** Rows about one of the two of a session, named by a column with their role. */
const byRole = (column: string) => (of: Of) =>
  sql<boolean>`exists (select from bookings where bookings.id = booking_id
    and ((member_id = ${of.memberId} and ${sql.ref(column)} = 'member')
      or (host_id = ${of.hostId} and ${sql.ref(column)} = 'host')))`

export const holdings: Holding[] = [
  {
    title: 'Your sign-in',
    table: 'people',
    columns: ['mobile_number', 'mobile_number_verified', 'created_at', 'updated_at'],
    without: ['id', 'name', 'email', 'email_verified', 'image'],
    of: ({ personId }) => sql`id = ${personId}`,
  },
  {
    title: 'Whether you stopped our text messages',
    table: 'stopped_numbers',
    columns: ['by_word', 'stopped_at'],
    without: ['mobile_number'],
    of: ({ number }) => sql`mobile_number = ${number}`,
  },
  {
    title: 'Your Cal.com, as you connected it',
    table: 'calcom_connections',
    columns: ['cal_username', 'cal_email', 'problems', 'connected_at', 'checked_at'],
    without: ['host_id', 'sealed_key', 'webhook_id'],
    of: ({ hostId }) => sql`host_id = ${hostId}`,
  },
  {
    title: 'Where you are signed in',
    table: 'sign_ins',
    columns: ['user_agent', 'ip_address', 'created_at', 'used_at', 'expires_at'],
    without: ['id', 'person_id', 'token', 'updated_at'],
    of: ({ personId }) => sql`person_id = ${personId}`,
  },
  {
    title: 'You as a member',
    table: 'members',
    columns: [
      'full_name',
      'email',
      'mobile_number',
      'time_zone',
      'status',
      'suspended_reason',
      'created_at',
      'last_active_at',
    ],
    without: [
      'id',
      'person_id',
      'stripe_customer_id',
      'airtable_record_id',
      'search_text',
      'erased_at',
      'kept_apart_as',
    ],
    of: ({ memberId }) => sql`id = ${memberId}`,
  },
  {
    title: 'You as a host',
    table: 'hosts',
    columns: [
      'full_name',
      'email',
      'mobile_number',
      'new_number',
      'new_number_at',
      'photo_url',
      'intro_video_url',
      'bio',
      'languages',
      'country',
      'time_zone',
      'tags',
      'age_group',
      'category',
      'verification_status',
      'status',
      'cal_username',
      'cal_event_slug',
      'weekly_hours',
      'date_overrides',
      'minimum_notice_minutes',
      'buffer_before_minutes',
      'buffer_after_minutes',
      'interval_minutes',
      'horizon_days',
      'maximum_per_day',
      'onboarding_status',
      'can_be_paid',
      'created_at',
      'updated_at',
    ],
    without: ['id', 'airtable_record_id', 'stripe_account_id', 'search_text', 'erased_at'],
    of: ({ hostId }) => sql`id = ${hostId}`,
  },
  {
    title: 'What you agreed to',
    table: 'consents',
    columns: ['document', 'version', 'is_given', 'created_at'],
    without: ['id', 'host_id', 'member_id'],
    of: ({ memberId, hostId }) => sql`(member_id = ${memberId} or host_id = ${hostId})`,
  },
  {
    title: 'What you paid',
    table: 'purchases',
    columns: [
      'id',
      'plan',
      'terms',
      'amount_cents',
      'currency',
      'status',
      'receipt_url',
      'created_at',
      'paid_at',
    ],
    without: [
      'member_id',
      'host_id',
      'checkout_id',
      'checkout_secret',
      'payment_intent_id',
      'charge_id',
      'fee_cents',
      'followed_at',
    ],
    of: ({ memberId }) => sql`member_id = ${memberId}`,
  },
  {
    title: 'Your sessions',
    table: 'bookings',
    columns: [
      'id',
      'purchase_id',
      'state',
      'outcome',
      'start_at',
      'end_at',
      'valid_until',
      'amount_cents',
      'refunded_cents',
      'host_joined_at',
      'member_joined_at',
      'created_at',
      'completed_at',
    ],
    without: [
      'position',
      'member_id',
      'host_id',
      'attempt',
      'moved_from_at',
      'host_cents',
      'platform_cents',
      'calendar',
      'calendar_status',
      'cal_booking_uid',
      'cal_booking_url',
      'room_status',
      'payout_status',
      'refund_offered_at',
      'host_refunded_cents',
      'calendar_asked_at',
      'was_moved_by_host',
      'shown_start_at',
      'shown_end_at',
      'given_back_by',
      // The member's own; listed by itself.
      'reflection',
    ],
    of: ({ memberId, hostId }) => sql`(member_id = ${memberId} or host_id = ${hostId})`,
  },
  {
    title: 'What you wrote after sessions',
    table: 'bookings',
    columns: ['id', 'reflection'],
    without: [],
    of: ({ memberId }) => sql`member_id = ${memberId} and reflection is not null`,
  },
  {
    title: 'When you were in a room',
    table: 'attendance',
    columns: ['booking_id', 'joined_at', 'left_at'],
    without: ['id', 'attempt', 'role', 'stay_id'],
    of: byRole('role'),
  },
  {
    title: 'When your browser was in a room',
    table: 'visits',
    columns: ['booking_id', 'joined_at', 'seen_at', 'ended_at', 'ended_by'],
    without: ['id', 'attempt', 'role', 'there_until', 'stays'],
    of: byRole('role'),
  },
  {
    title: 'What you reported',
    table: 'reports',
    columns: ['booking_id', 'body', 'created_at', 'has_ended_session'],
    without: ['id', 'reporter', 'evidence', 'attempt', 'task_id', 'urgency'],
    of: byRole('reporter'),
  },
  {
    title: 'Stars you gave',
    table: 'ratings',
    columns: ['booking_id', 'stars', 'tags', 'created_at'],
    without: ['rater'],
    of: byRole('rater'),
  },
  {
    title: 'Likes of yours',
    table: 'likes',
    columns: ['host_liked_at', 'member_liked_at'],
    without: ['host_id', 'member_id', 'seen_at'],
    of: ({ memberId, hostId }) =>
      sql`((member_id = ${memberId} and member_liked_at is not null)
        or (host_id = ${hostId} and host_liked_at is not null))`,
  },
  {
    title: 'Whom you do not want to meet',
    table: 'blocks',
    columns: ['created_at', 'lifted_at'],
    without: ['id', 'host_id', 'member_id', 'set_by', 'lifted_by', 'lift_reason'],
    of: ({ memberId, hostId }) =>
      sql`((member_id = ${memberId} and set_by = 'member') or (host_id = ${hostId} and set_by = 'host'))`,
  },
  {
    title: 'Refunds to you',
    table: 'refunds',
    columns: ['purchase_id', 'amount_cents', 'currency', 'reason', 'status', 'created_at', 'settled_at'],
    without: [
      'id',
      'booking_id',
      'refund_id',
      'source',
      'requested_by',
      'try',
      'tried_at',
      'failure',
      'dispute_id',
    ],
    of: ({ memberId }) => sql`purchase_id in (select id from purchases where member_id = ${memberId})`,
  },
  {
    title: 'Disputed payments of yours',
    table: 'disputes',
    columns: ['purchase_id', 'amount_cents', 'reason', 'status', 'opened_at', 'closed_at'],
    without: ['id', 'dispute_id', 'evidence_due_at'],
    of: ({ memberId }) => sql`purchase_id in (select id from purchases where member_id = ${memberId})`,
  },
  {
    title: 'What you earned',
    table: 'payouts',
    columns: [
      'booking_id',
      'amount_cents',
      'reversed_cents',
      'currency',
      'status',
      'due_at',
      'paid_at',
      'paid_on',
      'paid_reference',
    ],
    without: ['host_id', 'purchase_id', 'transfer_id', 'failure', 'created_at', 'try', 'tried_at', 'paid_by'],
    of: ({ hostId }) => sql`host_id = ${hostId}`,
  },
  {
    title: 'Text messages to you',
    table: 'messages',
    columns: ['template', 'mobile_number', 'body', 'status', 'created_at', 'sent_at'],
    without: [
      'id',
      'key',
      'recipient',
      'booking_id',
      'purchase_id',
      'twilio_sid',
      'useful_until',
      'failure',
      'host_id',
      'member_id',
    ],
    of: ({ number }) => sql`mobile_number = ${number} and recipient <> 'operator'`,
  },
  {
    title: 'Your calendar feed',
    table: 'calendar_feeds',
    columns: ['created_at'],
    without: ['token', 'host_id', 'member_id'],
    of: ({ memberId, hostId }) => sql`(member_id = ${memberId} or host_id = ${hostId})`,
  },
  {
    title: 'Calendars you connected',
    table: 'imported_calendars',
    columns: ['address', 'name', 'color', 'created_at', 'read_at'],
    without: ['id', 'host_id', 'due_at', 'problem', 'skipped', 'skipped_count'],
    of: ({ hostId }) => sql`host_id = ${hostId}`,
  },
  {
    title: 'When those calendars say you are busy',
    table: 'busy_times',
    columns: ['start_at', 'end_at'],
    without: ['imported_calendar_id', 'host_id'],
    of: ({ hostId }) => sql`host_id = ${hostId}`,
  },
  {
    title: 'What happened to your account',
    table: 'security_events',
    columns: ['kind', 'happened_at'],
    without: ['id', 'key', 'person_id', 'subject', 'reason'],
    of: ({ personId }) => sql`person_id = ${personId}`,
  },
  {
    title: 'Deleting your account',
    table: 'deletions',
    columns: ['asked_at', 'due_at', 'undone_at'],
    without: ['id', 'person_id', 'member_id', 'host_id', 'carried_out_at'],
    of: ({ personId }) => sql`person_id = ${personId}`,
  },
  {
    title: 'A new number that you have not confirmed',
    table: 'number_changes',
    columns: ['new_number', 'asked_at'],
    without: ['person_id', 'old_confirmed_at', 'new_confirmed_at'],
    of: ({ personId }) => sql`person_id = ${personId}`,
  },
]

/** Tables that say something about people and are not given out, each because. */
export const notIncluded: Record<string, string> = {
  sign_in_accounts: 'It holds only that you sign in by a code.',
  sign_in_verifications: 'It holds codes that have been asked for, for ten minutes.',
  operator_tasks: 'Notes of our staff about several people; what you wrote to us yourself you have.',
  postings: 'Our books: each entry belongs to a payment, a refund or a payout above.',
  ledger_entries: 'Our books: each entry belongs to a payment, a refund or a payout above.',
  refund_parts: 'How a refund above is spread over its sessions.',
  stripe_movements: 'Movements of our own account at Stripe.',
  rooms: 'The rooms of your sessions, without anything that was said in them.',
  signals: 'How two browsers find each other, for a minute.',
  slot_reservations: 'A time that you are just choosing, for some minutes.',
  calendar_slots: "A copy of a host's free times, as everybody sees them.",
  calendar_entries: 'The state of a session in the calendar of its host.',
  erasures: 'It is about people who have left.',
  webhook_events: 'What services told us, as they sent it; what came of it is above.',
  outgoing_calls: 'That a service was called; what came of it is above.',
  blocked_pairs: 'Who is kept apart from whom; what you set yourself is above.',
}

/** Every row, in the order of the list; a section without rows is left out. */
export async function readHoldings(db: Db, who: Who): Promise<Holdings> {
  const of: Of = {
    personId: who.personId,
    memberId: who.member?.id ?? null,
    hostId: who.host?.id ?? null,
    number: who.mobileNumber,
  }
  const sections: Holdings['sections'] = []
  for (const holding of holdings) {
    const columns = sql.join(holding.columns.map((column) => sql.ref(column)))
    const { rows } = await sql<Held>`
      select ${columns} from ${sql.table(holding.table)} where ${holding.of(of)}`.execute(db.withoutPlugins())
    if (rows.length > 0) sections.push({ title: holding.title, rows })
  }
  return {
    madeAt: now().toISOString(),
    sections,
    notIncluded: Object.entries(notIncluded).map(([table, because]) => ({
      what: table.replaceAll('_', ' '),
      because,
    })),
  }
}
