-- Who there is: people and their sign-ins, members, hosts, likes.
-- SQL never asks for the time: the application passes every timestamp (server/lib/time.ts).

create extension if not exists btree_gist;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- How far demonstrations and tests have moved the clock. One row; the offset is zero in production.
create table clock (
  only_row boolean primary key default true check (only_row),
  offset_ms bigint not null default 0
);
insert into clock default values;

-- better-auth's tables under our names. It calls them user, session, account, verification and rate limit.
create table people (
  id uuid primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null,
  image text,
  mobile_number text unique,
  mobile_number_verified boolean,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table sign_ins (
  id uuid primary key,
  person_id uuid not null references people on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index on sign_ins (person_id);

create table sign_in_accounts (
  id uuid primary key,
  person_id uuid not null references people on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  id_token text,
  -- Nobody signs in with a password: the code on the phone is the only way.
  password text check (password is null),
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table sign_in_verifications (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index on sign_in_verifications (identifier);

create table sign_in_limits (
  id uuid primary key,
  key text not null unique,
  count integer not null,
  last_request bigint not null
);

create table members (
  id uuid primary key,
  person_id uuid unique references people on delete set null,
  full_name text not null default '',
  email text,
  mobile_number text not null unique check (mobile_number ~ '^\+[1-9][0-9]{6,14}$'),
  time_zone text not null,
  status text not null default 'Active' check (status in ('Active', 'Inactive', 'Suspended')),
  stripe_customer_id text unique,
  airtable_record_id text unique,
  created_at timestamptz not null,
  last_active_at timestamptz not null
);

create table hosts (
  id uuid primary key,
  airtable_record_id text not null unique,
  full_name text not null,
  email text,
  mobile_number text,
  photo_url text,
  bio text not null default '',
  languages text[] not null default '{}',
  country text not null default '',
  time_zone text not null,
  tags text[] not null default '{}',
  verification_status text not null check (verification_status in ('Pending', 'Verified', 'Failed')),
  status text not null check (status in ('Active', 'Inactive', 'Suspended')),
  age_group text,
  category text,
  intro_video_url text,
  -- Hosts with a Cal.com account are booked there, all others in the built-in calendar.
  cal_username text,
  cal_event_slug text,
  weekly_hours jsonb not null default '[]',
  date_overrides jsonb not null default '[]',
  minimum_notice_minutes integer not null default 60 check (minimum_notice_minutes between 0 and 43200),
  buffer_before_minutes integer not null default 0 check (buffer_before_minutes between 0 and 240),
  buffer_after_minutes integer not null default 0 check (buffer_after_minutes between 0 and 240),
  interval_minutes integer check (interval_minutes between 5 and 240),
  horizon_days integer not null default 30 check (horizon_days between 1 and 365),
  stripe_account_id text unique,
  onboarding_status text not null default 'not_started' check (onboarding_status in ('not_started', 'started', 'complete')),
  can_be_paid boolean not null default false,
  search_text text not null default '',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- A day with this many sessions is full; null means no maximum.
  maximum_per_day integer check (maximum_per_day between 1 and 144),
  check ((cal_username is null) = (cal_event_slug is null))
);
create index on hosts using gin (search_text gin_trgm_ops);
create index on hosts using gin (tags);
create index on hosts (mobile_number);

create table likes (
  host_id uuid not null references hosts,
  member_id uuid not null references members,
  host_liked_at timestamptz,
  member_liked_at timestamptz,
  seen_at timestamptz,
  primary key (host_id, member_id)
);
create index on likes (member_id);
