-- What happens to money after it was paid: refunds of any part, disputes, reversals, and Stripe's own list of movements.

-- A booking's part of the price that is given back, and the host's share in it. Never more than the whole.
alter table bookings
  add column refunded_cents integer not null default 0,
  add column host_refunded_cents integer not null default 0,
  add check (refunded_cents between 0 and amount_cents),
  add check (host_refunded_cents between 0 and least(host_cents, refunded_cents));

alter table purchases
  -- Stripe's fee for the charge; null until its balance transaction is known.
  add column fee_cents integer check (fee_cents >= 0),
  -- Why no share of this purchase is paid out for now: a difference to Stripe that no rule repairs.
  add column payouts_stopped text,
  -- Money was last compared with Stripe's own record at.
  add column followed_at timestamptz;

alter table refunds drop constraint refunds_booking_id_key;
alter table refunds
  -- Who wanted it: the member, an operator, or somebody in Stripe's own dashboard.
  add column source text not null default 'member' check (source in ('member', 'operator', 'stripe')),
  add column requested_by text,
  -- Grows only after Stripe has definitely refused: it keeps answers by idempotency key.
  add column try integer not null default 1 check (try >= 1),
  add column tried_at timestamptz,
  add column failure text;
create index on refunds (purchase_id);
create index on refunds (status) where status in ('requested', 'pending');

-- Which sessions a refund gives back, and how much of each came out of the host's share.
create table refund_parts (
  refund_id uuid not null references refunds,
  booking_id uuid not null references bookings,
  amount_cents integer not null check (amount_cents > 0),
  host_cents integer not null check (host_cents >= 0 and host_cents <= amount_cents),
  primary key (refund_id, booking_id)
);
create index on refund_parts (booking_id);

alter table payouts drop constraint payouts_check;
alter table payouts
  add column try integer not null default 1 check (try >= 1),
  -- A try is under way since: until its end is known its amount stays.
  add column tried_at timestamptz,
  add column reversed_cents integer not null default 0,
  add check (reversed_cents between 0 and amount_cents),
  add check (status <> 'paid' or transfer_id is not null);

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

alter table postings drop constraint postings_kind_check;
alter table postings add check (kind in ('paid', 'fee', 'completed', 'transferred', 'refunded', 'refund_failed', 'returned', 'expired',
  'reversed', 'dispute_opened', 'dispute_closed'));

-- Every movement of our balance at Stripe, as Stripe lists them: what the ledger is held against.
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

create trigger movements_are_final before delete or truncate on stripe_movements for each statement execute function refuse_change();

-- An event about something we do not know yet waits and is looked at again.
alter table webhook_events
  add column parked_until timestamptz,
  add column parked_times integer not null default 0;
