-- Scheduling: who is just choosing what, what Cal.com last said, calendars that are read here and feeds that are read elsewhere.

-- When the host's calendar was asked for the present attempt; what it does not answer in time is given back.
alter table bookings add column calendar_asked_at timestamptz;
-- A time that the host chose may be left by the member for nothing, however close it is.
alter table bookings add column was_moved_by_host boolean not null default false;
-- The last time anybody may have in a calendar of their own, kept so that a later file can remove it there.
alter table bookings add column shown_start_at timestamptz;
alter table bookings add column shown_end_at timestamptz;

-- Short reservations while a member confirms: they hide a start from others and end by themselves.
create table slot_reservations (
  booking_id uuid primary key references bookings,
  host_id uuid not null references hosts,
  start_at timestamptz not null,
  end_at timestamptz not null,
  release_at timestamptz not null,
  -- Cal.com's own reservation, for a host who is booked there.
  cal_reservation_uid text,
  check (start_at < end_at),
  -- Reservations that have ended are deleted before another is made, so this holds among those that count.
  constraint one_reservation_per_host_and_time
    exclude using gist (host_id with =, tstzrange(start_at, end_at) with &&)
);
create index on slot_reservations (release_at);

-- The free starts of a Cal.com host as last read: one row for all visitors and all processes.
create table calendar_slots (
  host_id uuid primary key references hosts,
  event_type_id integer,
  starts timestamptz[] not null default '{}',
  covers_from timestamptz,
  covers_until timestamptz,
  read_at timestamptz,
  -- Something has changed in that calendar since.
  is_stale boolean not null default false,
  -- One process reads at a time.
  reading_until timestamptz
);

-- The moments of the last minute's calls to a service that counts them, over all processes.
create table call_budgets (
  provider text primary key,
  called_at timestamptz[] not null default '{}'
);
insert into call_budgets (provider) values ('calcom');

-- How far the sweep over Cal.com's own changes has come.
create table calendar_sweeps (
  only_row boolean primary key default true check (only_row),
  swept_until timestamptz
);
insert into calendar_sweeps default values;

-- Calendars elsewhere whose entries make a host of the built-in calendar busy.
create table imported_calendars (
  id uuid primary key,
  host_id uuid not null references hosts,
  address text not null,
  created_at timestamptz not null,
  due_at timestamptz not null,
  read_at timestamptz,
  -- A sentence for the host, while it cannot be read.
  problem text,
  unique (host_id, address)
);
create index on imported_calendars (due_at);

create table busy_times (
  imported_calendar_id uuid not null references imported_calendars on delete cascade,
  host_id uuid not null references hosts,
  start_at timestamptz not null,
  end_at timestamptz not null,
  check (start_at < end_at)
);
create index on busy_times (imported_calendar_id);
create index on busy_times (host_id, start_at);

-- Private addresses under which a person's sessions can be subscribed to. A new one makes the old one useless.
create table calendar_feeds (
  token text primary key,
  host_id uuid unique references hosts,
  member_id uuid unique references members,
  created_at timestamptz not null,
  check (num_nonnulls(host_id, member_id) = 1)
);
