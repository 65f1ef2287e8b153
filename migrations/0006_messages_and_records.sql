-- Messages to people, records in Airtable, and tasks for the operators.

-- Message texts that the operators edit in Airtable.
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

-- One SMS per event and recipient: `key` is made from both.
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

-- Questions and answers that the operators write in the Airtable table Help Desk Prompts.
create table help_prompts (
  airtable_record_id text primary key,
  question text not null,
  answer text not null
);

-- Records that must be written to Airtable. Only the newest version is written, so one row per record is enough.
create table record_changes (
  table_name text not null check (table_name in ('Members', 'Presence Operations', 'Likes', 'Refunds')),
  presence_id text not null,
  version bigint not null default 1,
  changed_at timestamptz not null,
  primary key (table_name, presence_id)
);

-- The webhook that we registered at Airtable, and how far its changes have been read.
create table airtable_webhooks (
  id text primary key,
  mac_secret text not null,
  cursor integer not null default 1,
  expires_at timestamptz not null,
  -- Where Airtable sends its pings. Another PUBLIC_URL needs another webhook.
  notification_url text not null default ''
);

-- The ids of a base's tables and fields, looked up once by name. Operators may rename them afterwards.
create table base_ids (
  base_id text primary key,
  tables jsonb not null,
  learned_at timestamptz not null
);

-- What a person must decide.
create table operator_tasks (
  id uuid primary key,
  -- Dedupe key made from our ids: one cause makes one task.
  key text not null unique,
  kind text not null,
  sentence text not null,
  booking_id uuid references bookings,
  purchase_id uuid references purchases,
  member_id uuid references members,
  host_id uuid references hosts,
  created_at timestamptz not null,
  resolved_at timestamptz,
  resolution text
);
create index on operator_tasks (created_at) where resolved_at is null;
