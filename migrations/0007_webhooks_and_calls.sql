-- What comes in from outside services, and how often they may be called.

-- Incoming webhooks, deduplicated by provider and event id. Their content is only a hint.
create table webhook_events (
  id uuid primary key,
  provider text not null check (provider in ('stripe', 'twilio', 'calcom', 'daily', 'airtable')),
  event_id text not null,
  type text not null,
  payload jsonb not null,
  received_at timestamptz not null,
  handled_at timestamptz,
  -- An event about something we do not know yet is parked and handled again later.
  parked_until timestamptz,
  parked_times integer not null default 0,
  unique (provider, event_id)
);
create index on webhook_events (received_at) where handled_at is null;
-- What somebody last texted to us. It is read before we send reminders that they did not ask for (STOP).
create index on webhook_events ((payload ->> 'From'), received_at) where provider = 'twilio' and type = 'inbound';

-- Calls to services without idempotency keys: the intent is committed before the call, the result afterwards.
-- A row without a result whose lease has expired may have happened: look it up before repeating it.
create table outgoing_calls (
  key text primary key,
  provider text not null,
  started_at timestamptz not null,
  leased_until timestamptz not null,
  -- Fencing token: who leased the call last. A process that was paused beyond its lease no longer has it.
  holder uuid not null,
  tries integer not null default 1,
  result jsonb,
  finished_at timestamptz
);
create index on outgoing_calls (started_at) where finished_at is null;

-- Sliding window: the times of the last minute's calls to a service, over all processes.
create table sliding_windows (
  provider text primary key,
  called_at timestamptz[] not null default '{}'
);
insert into sliding_windows (provider) values ('calcom');

-- Leaky bucket: when the next call of a lane may be made. One update takes a turn, so no two processes share one.
create table leaky_buckets (
  lane text primary key check (lane in ('daily_ahead', 'daily_soon', 'daily_delete')),
  free_at timestamptz not null
);
insert into leaky_buckets (lane, free_at) values
  ('daily_ahead', '2000-01-01T00:00:00Z'), ('daily_soon', '2000-01-01T00:00:00Z'), ('daily_delete', '2000-01-01T00:00:00Z');

-- Semaphore over all processes: each call to Airtable holds one permit until a second after its answer. Airtable
-- refuses more than five calls a second, and then every call for thirty seconds.
create table semaphore_permits (
  lane text not null check (lane in ('airtable')),
  slot integer not null,
  free_at timestamptz not null,
  primary key (lane, slot)
);
insert into semaphore_permits (lane, slot, free_at)
  select 'airtable', slot, '2000-01-01T00:00:00Z' from generate_series(1, 4) slot;

-- Adaptive rate (AIMD) for a service that does not publish its limit: it is learned from the service's refusals and
-- shared by all processes.
create table adaptive_rates (
  lane text primary key check (lane in ('twilio_sms')),
  -- Milliseconds between two calls.
  every_ms double precision not null,
  free_at timestamptz not null,
  slowed_at timestamptz not null
);
insert into adaptive_rates (lane, every_ms, free_at, slowed_at) values
  ('twilio_sms', 1, '2000-01-01T00:00:00Z', '2000-01-01T00:00:00Z');

-- Rows of an outside service that could not be handled, each alone. A row leaves the quarantine when it succeeds.
create table quarantine (
  kind text not null,
  key text not null,
  tries integer not null default 1,
  last_error text not null,
  first_failed_at timestamptz not null,
  next_try_at timestamptz not null,
  primary key (kind, key)
);
