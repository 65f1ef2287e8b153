-- Rooms, who was in them, what was said to whom, and everything that goes to or comes from an outside service.

create table rooms (
  booking_id uuid not null references bookings,
  attempt integer not null,
  name text not null unique,
  provider text not null check (provider in ('daily', 'builtin')),
  url text,
  status text not null check (status in ('not_created', 'active', 'ended')),
  opens_at timestamptz not null,
  closes_at timestamptz not null,
  created_at timestamptz not null,
  primary key (booking_id, attempt)
);

create table attendance (
  id uuid primary key,
  booking_id uuid not null references bookings,
  attempt integer not null,
  role text not null check (role in ('host', 'member')),
  -- The video provider's id of one stay in the room, or our own where we saw it ourselves.
  stay_id text not null unique,
  joined_at timestamptz not null,
  left_at timestamptz,
  foreign key (booking_id, attempt) references rooms,
  check (left_at >= joined_at)
);
create index on attendance (booking_id, attempt);

create table reports (
  id uuid primary key,
  booking_id uuid not null references bookings,
  reporter text not null check (reporter in ('host', 'member')),
  body text not null,
  created_at timestamptz not null
);

create table templates (
  airtable_record_id text primary key,
  name text not null,
  body text not null,
  type text,
  channel text,
  is_active boolean not null,
  updated_at timestamptz not null
);
create index on templates (name) where is_active;

-- Guarantee 4: one SMS per event and recipient.
create table messages (
  id uuid primary key,
  key text not null unique,
  template text not null,
  recipient text not null check (recipient in ('host', 'member')),
  mobile_number text not null,
  body text not null,
  booking_id uuid references bookings,
  purchase_id uuid references purchases,
  status text not null check (status in ('waiting', 'sent', 'delivered', 'undelivered', 'failed', 'dropped')),
  twilio_sid text unique,
  useful_until timestamptz not null,
  failure text,
  created_at timestamptz not null,
  sent_at timestamptz
);
create index on messages (booking_id);
create index on messages (status) where status = 'waiting';

-- Guarantee 7 and 8: stored once, and only a hint.
create table webhook_events (
  id uuid primary key,
  provider text not null check (provider in ('stripe', 'twilio', 'calcom', 'daily', 'airtable')),
  event_id text not null,
  type text not null,
  payload jsonb not null,
  received_at timestamptz not null,
  handled_at timestamptz,
  unique (provider, event_id)
);
create index on webhook_events (received_at) where handled_at is null;

-- The intent of a call to an outside service, recorded before it is made; the result afterwards.
-- A row without a result after its lease means: it may have happened, look it up before repeating it.
create table outgoing_calls (
  key text primary key,
  provider text not null,
  started_at timestamptz not null,
  leased_until timestamptz not null,
  tries integer not null default 1,
  result jsonb,
  finished_at timestamptz
);
create index on outgoing_calls (started_at) where finished_at is null;

-- What Airtable has yet to be told; the newest version is written, so one row per record is enough.
create table record_changes (
  table_name text not null check (table_name in ('Members', 'Presence Operations', 'Likes', 'Refunds')),
  presence_id text not null,
  version bigint not null default 1,
  changed_at timestamptz not null,
  primary key (table_name, presence_id)
);

create table airtable_webhooks (
  id text primary key,
  mac_secret text not null,
  cursor integer not null default 1,
  expires_at timestamptz not null
);

create table operator_tasks (
  id uuid primary key,
  -- Made from our ids, so that one cause makes one task.
  key text not null unique,
  kind text not null,
  sentence text not null,
  booking_id uuid references bookings,
  purchase_id uuid references purchases,
  created_at timestamptz not null,
  resolved_at timestamptz,
  resolution text
);
create index on operator_tasks (created_at) where resolved_at is null;
