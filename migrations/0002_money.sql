-- What is promised and paid.

create table purchases (
  id uuid primary key,
  member_id uuid not null references members,
  host_id uuid not null references hosts,
  plan text not null check (plan in ('Adhoc', 'Weekly')),
  -- The plan's terms as they were when this was bought.
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
  -- The earlier start while a move waits for the host's calendar, and in the message about it.
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
  unique (purchase_id, position),
  check (host_cents + platform_cents = amount_cents),
  check ((start_at is null) = (end_at is null)),
  check (start_at < end_at),
  check (state <> 'created' or start_at is not null),
  check (state <> 'pending' or start_at is null),
  -- Guarantee 3: no two live bookings overlap for one host, nor for one member.
  constraint one_booking_per_host_and_time
    exclude using gist (host_id with =, tstzrange(start_at, end_at) with &&) where (state = 'created'),
  constraint one_booking_per_member_and_time
    exclude using gist (member_id with =, tstzrange(start_at, end_at) with &&) where (state = 'created')
);
create index on bookings (member_id, state);
create index on bookings (host_id, state, start_at);
create index on bookings (state, valid_until) where state = 'pending';
create index on bookings (state, end_at) where state = 'created';

-- Double entry: rows are only ever added, and every posting sums to zero when its transaction commits.
create table postings (
  id uuid primary key,
  -- Made from our ids, so that the same fact cannot be posted twice.
  key text not null unique,
  kind text not null check (kind in ('paid', 'fee', 'completed', 'transferred', 'refunded', 'expired', 'reversed',
    'dispute_opened', 'dispute_closed')),
  purchase_id uuid not null references purchases,
  booking_id uuid references bookings,
  posted_at timestamptz not null
);
create index on postings (purchase_id);

create table ledger_entries (
  id uuid primary key,
  posting_id uuid not null references postings,
  account text not null check (account in ('stripe_balance', 'member_prepaid', 'host_payable', 'platform_revenue',
    'stripe_fees', 'dispute_loss')),
  host_id uuid references hosts,
  -- Debits are positive, credits negative.
  amount_cents bigint not null check (amount_cents <> 0),
  currency text not null,
  check ((account = 'host_payable') = (host_id is not null))
);
create index on ledger_entries (posting_id);
create index on ledger_entries (account, host_id);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are only ever added', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;

create trigger postings_are_final before update or delete on postings for each row execute function refuse_change();
create trigger postings_are_kept before truncate on postings for each statement execute function refuse_change();
create trigger entries_are_final before update or delete on ledger_entries for each row execute function refuse_change();
create trigger entries_are_kept before truncate on ledger_entries for each statement execute function refuse_change();

create function require_balanced_posting() returns trigger language plpgsql as $$
declare
  posting uuid := case when tg_table_name = 'postings' then new.id else (to_jsonb(new) ->> 'posting_id')::uuid end;
  entries integer;
  unbalanced integer;
begin
  select count(*) into entries from ledger_entries where posting_id = posting;
  select count(*) into unbalanced from (
    select 1 from ledger_entries where posting_id = posting group by currency having sum(amount_cents) <> 0) as by_currency;
  if entries < 2 or unbalanced > 0 then
    raise exception 'posting % does not sum to zero', posting using errcode = 'integrity_constraint_violation';
  end if;
  return null;
end $$;

create constraint trigger posting_sums_to_zero after insert on postings
  deferrable initially deferred for each row execute function require_balanced_posting();
create constraint trigger entries_sum_to_zero after insert on ledger_entries
  deferrable initially deferred for each row execute function require_balanced_posting();

-- The host's share of one booking: one row, so at most one transfer.
create table payouts (
  booking_id uuid primary key references bookings,
  host_id uuid not null references hosts,
  purchase_id uuid not null references purchases,
  amount_cents integer not null check (amount_cents > 0),
  currency text not null,
  status text not null check (status in ('waiting_for_onboarding', 'scheduled', 'paid', 'reversed', 'failed')),
  due_at timestamptz not null,
  transfer_id text unique,
  paid_at timestamptz,
  failure text,
  created_at timestamptz not null,
  check ((status in ('paid', 'reversed')) = (transfer_id is not null))
);
create index on payouts (host_id, status);

create table refunds (
  id uuid primary key,
  purchase_id uuid not null references purchases,
  booking_id uuid references bookings,
  amount_cents integer not null check (amount_cents > 0),
  currency text not null,
  reason text not null,
  status text not null check (status in ('requested', 'pending', 'succeeded', 'failed')),
  refund_id text unique,
  created_at timestamptz not null,
  settled_at timestamptz,
  unique (booking_id)
);
