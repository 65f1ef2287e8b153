-- The ledger, payouts, refunds, disputes, and Stripe's own list of movements.

-- Double-entry ledger: rows are only ever added, and every posting sums to zero when its transaction commits.
create table postings (
  id uuid primary key,
  -- Idempotency key made from our ids: the same fact cannot be posted twice.
  key text not null unique,
  kind text not null check (kind in ('paid', 'fee', 'completed', 'transferred', 'refunded', 'refund_failed', 'returned',
    'expired', 'reversed', 'dispute_opened', 'dispute_closed')),
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

-- The host's share of one booking. One row per booking, so at most one transfer.
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
  try integer not null default 1 check (try >= 1),
  -- When a try was started whose result is still unknown. Until it is known, the amount must not change.
  tried_at timestamptz,
  reversed_cents integer not null default 0,
  check (reversed_cents between 0 and amount_cents),
  check (status <> 'paid' or transfer_id is not null)
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
  refund_id text,
  created_at timestamptz not null,
  settled_at timestamptz,
  -- Who asked for it: the member, an operator, or somebody in Stripe's own dashboard.
  source text not null default 'member' check (source in ('member', 'operator', 'stripe')),
  requested_by text,
  -- Grows only after Stripe has definitely refused, because Stripe replays its answers by idempotency key.
  try integer not null default 1 check (try >= 1),
  tried_at timestamptz,
  failure text
);
create index on refunds (purchase_id);
create index on refunds (status) where status in ('requested', 'pending');
-- Not unique: one refund made in Stripe's dashboard may settle several that were owed here.
create index on refunds (refund_id);

-- Which sessions a refund covers, and how much of each came out of the host's share.
create table refund_parts (
  refund_id uuid not null references refunds,
  booking_id uuid not null references bookings,
  amount_cents integer not null check (amount_cents > 0),
  host_cents integer not null check (host_cents >= 0 and host_cents <= amount_cents),
  primary key (refund_id, booking_id)
);
create index on refund_parts (booking_id);

create table disputes (
  id uuid primary key,
  purchase_id uuid not null references purchases,
  dispute_id text not null unique,
  amount_cents integer not null check (amount_cents > 0),
  reason text not null,
  status text not null check (status in ('open', 'won', 'lost')),
  evidence_due_at timestamptz,
  opened_at timestamptz not null,
  closed_at timestamptz
);
create index on disputes (purchase_id);

-- Every movement of our balance, as Stripe lists it. The ledger is compared with this list.
create table stripe_movements (
  id text primary key,
  type text not null,
  source_id text,
  purchase_id uuid references purchases,
  net_cents bigint not null,
  created_at timestamptz not null,
  seen_at timestamptz not null
);
create index on stripe_movements (created_at);
create index on stripe_movements (purchase_id);
create trigger movements_are_final before delete or truncate on stripe_movements
  for each statement execute function refuse_change();
