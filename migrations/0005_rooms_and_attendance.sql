-- Rooms, who was in them, and what people said about it afterwards.

-- One private room per attempt of a booking.
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
-- Rooms made ahead are opened in batches, by opening time.
create index rooms_to_open on rooms (opens_at) where status = 'not_created';

create table attendance (
  id uuid primary key,
  booking_id uuid not null references bookings,
  attempt integer not null,
  role text not null check (role in ('host', 'member')),
  -- The video provider's id of one stay in the room, or our own id in a room of ours.
  stay_id text not null unique,
  joined_at timestamptz not null,
  left_at timestamptz,
  foreign key (booking_id, attempt) references rooms,
  check (left_at >= joined_at)
);
create index on attendance (booking_id, attempt);

-- One browser in a room of our own. Its stays are rows of attendance, keyed by its id and the stay's number.
create table visits (
  id uuid primary key,
  booking_id uuid not null,
  attempt integer not null,
  role text not null check (role in ('host', 'member')),
  joined_at timestamptz not null,
  -- Last heartbeat, and the end of its lease. The lease runs on real time, so that moving the clock ends no visit.
  seen_at timestamptz not null,
  there_until timestamptz not null,
  stays integer not null default 1,
  ended_at timestamptz,
  ended_by text check (ended_by in ('left', 'replaced', 'lost', 'closed')),
  foreign key (booking_id, attempt) references rooms,
  check ((ended_at is null) = (ended_by is null))
);
-- A room has one seat for each of its two people, however many devices and tabs are open.
create unique index visits_one_per_seat on visits (booking_id, attempt, role) where ended_at is null;
create index on visits (there_until) where ended_at is null;
-- Each page in a room asks for the other person's latest visit every few seconds.
create index on visits (booking_id, attempt, role, id);

-- WebRTC signalling from one browser to the other. A signal that is sent again is stored once.
create table signals (
  id bigint generated always as identity primary key,
  to_visit uuid not null references visits,
  from_visit uuid not null references visits,
  number integer not null,
  body jsonb not null,
  expires_at timestamptz not null,
  unique (from_visit, to_visit, number)
);
create index on signals (to_visit, id);
create index on signals (expires_at);

create table reports (
  id uuid primary key,
  booking_id uuid not null references bookings,
  reporter text not null check (reporter in ('host', 'member')),
  body text not null,
  created_at timestamptz not null,
  -- What was known of the session when it was reported.
  evidence jsonb,
  -- Whether the reporter ended the session. Then no rule settles this attempt, and an operator decides.
  has_ended_session boolean not null default false,
  attempt integer
);
create index on reports (booking_id, attempt) where has_ended_session;

-- One rating per session and person, behind the switch RATINGS. Each side's rating stays hidden until both have
-- rated or a week has passed, so that neither responds to the other's.
create table ratings (
  booking_id uuid not null references bookings,
  rater text not null check (rater in ('host', 'member')),
  stars integer not null check (stars between 1 and 5),
  tags text[] not null default '{}',
  created_at timestamptz not null,
  primary key (booking_id, rater)
);

-- The id of our domain at Daily, per API key (as a fingerprint). With it tokens are signed without a call.
create table daily_domains (
  key_fingerprint text primary key,
  domain_id text not null,
  learned_at timestamptz not null
);
