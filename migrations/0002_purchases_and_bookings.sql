-- What members buy, and each session that a purchase grants.

create table purchases (
  id uuid primary key,
  member_id uuid not null references members,
  host_id uuid not null references hosts,
  plan text not null check (plan in ('Adhoc', 'Weekly')),
  -- The plan's terms at the time of purchase.
  terms jsonb not null,
  amount_cents integer not null check (amount_cents > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  status text not null check (status in ('open', 'paid', 'failed', 'expired', 'refunded')),
  checkout_id text unique,
  checkout_secret text,
  payment_intent_id text unique,
  charge_id text unique,
  receipt_url text,
  created_at timestamptz not null,
  paid_at timestamptz,
  -- Stripe's fee for the charge; null until its balance transaction is known.
  fee_cents integer check (fee_cents >= 0),
  -- Why this purchase's payouts are stopped: a discrepancy with Stripe that no rule repairs.
  payouts_stopped text,
  -- When its money was last compared with Stripe's own record.
  followed_at timestamptz,
  check (status not in ('paid', 'refunded') or (paid_at is not null and charge_id is not null))
);
create index on purchases (member_id, created_at);
create index on purchases (status, created_at);

create table bookings (
  id uuid primary key,
  purchase_id uuid not null references purchases,
  position integer not null check (position >= 1),
  member_id uuid not null references members,
  host_id uuid not null references hosts,
  state text not null check (state in ('pending', 'created', 'completed', 'cancelled', 'expired')),
  attempt integer not null default 0,
  start_at timestamptz,
  end_at timestamptz,
  -- The earlier start, kept while a move waits for the host's calendar and for the message about the move.
  moved_from_at timestamptz,
  valid_until timestamptz not null,
  amount_cents integer not null check (amount_cents >= 0),
  host_cents integer not null check (host_cents >= 0),
  platform_cents integer not null check (platform_cents >= 0),
  calendar text check (calendar in ('calcom', 'builtin')),
  calendar_status text not null default 'none' check (calendar_status in ('none', 'confirming', 'confirmed')),
  cal_booking_uid text unique,
  cal_booking_url text,
  room_status text not null default 'not_created' check (room_status in ('not_created', 'active', 'ended')),
  host_joined_at timestamptz,
  member_joined_at timestamptz,
  outcome text check (outcome in ('held', 'member_no_show', 'host_no_show', 'late_cancellation', 'unknown')),
  payout_status text not null default 'none'
    check (payout_status in ('none', 'waiting_for_onboarding', 'scheduled', 'paid', 'reversed', 'failed')),
  refund_offered_at timestamptz,
  reflection text,
  created_at timestamptz not null,
  completed_at timestamptz,
  -- How much of the price was refunded, and how much of that came out of the host's share.
  refunded_cents integer not null default 0,
  host_refunded_cents integer not null default 0,
  -- When the host's calendar was asked for the present attempt. A time it does not confirm soon is given back.
  calendar_asked_at timestamptz,
  -- A time that the host chose may be left by the member free of charge, however close it is.
  was_moved_by_host boolean not null default false,
  -- The last time that people may have in their own calendars, kept so that a later file can remove it there.
  shown_start_at timestamptz,
  shown_end_at timestamptz,
  unique (purchase_id, position),
  check (host_cents + platform_cents = amount_cents),
  check ((start_at is null) = (end_at is null)),
  check (start_at < end_at),
  check (state <> 'created' or start_at is not null),
  check (state <> 'pending' or start_at is null),
  check (refunded_cents between 0 and amount_cents),
  check (host_refunded_cents between 0 and least(host_cents, refunded_cents)),
  -- No two live bookings overlap for one host, nor for one member.
  constraint one_booking_per_host_and_time
    exclude using gist (host_id with =, tstzrange(start_at, end_at) with &&) where (state = 'created'),
  constraint one_booking_per_member_and_time
    exclude using gist (member_id with =, tstzrange(start_at, end_at) with &&) where (state = 'created')
);
create index on bookings (member_id, state);
create index on bookings (host_id, state, start_at);
create index on bookings (state, valid_until) where state = 'pending';
create index on bookings (state, end_at) where state = 'created';
