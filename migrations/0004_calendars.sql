-- When hosts can be booked: reservations, Cal.com's free times, imported calendars; and the feeds we offer.

-- Short reservations (soft holds) while a member confirms. They hide a start from others and expire by themselves.
create table slot_reservations (
  booking_id uuid primary key references bookings,
  host_id uuid not null references hosts,
  start_at timestamptz not null,
  end_at timestamptz not null,
  release_at timestamptz not null,
  -- Cal.com's own reservation, for a host who is booked there.
  cal_reservation_uid text,
  check (start_at < end_at),
  -- Expired reservations are deleted before a new one is inserted, so only live ones are compared.
  constraint one_reservation_per_host_and_time
    exclude using gist (host_id with =, tstzrange(start_at, end_at) with &&)
);
create index on slot_reservations (release_at);

-- Cache of a Cal.com host's free starts: one row for all visitors and all processes.
create table calendar_slots (
  host_id uuid primary key references hosts,
  event_type_id integer,
  starts timestamptz[] not null default '{}',
  covers_from timestamptz,
  covers_until timestamptz,
  read_at timestamptz,
  -- The calendar has changed since it was read.
  is_stale boolean not null default false,
  -- Lease for single flight: one process reads at a time.
  reading_until timestamptz,
  -- The first few free starts again, so that a page of host cards need not read all of `starts`.
  next_starts timestamptz[] not null default '{}'
);

-- Up to when changes made inside Cal.com have been followed.
create table calendar_cursors (
  only_row boolean primary key default true check (only_row),
  followed_until timestamptz
);
insert into calendar_cursors default values;

-- Calendars kept elsewhere whose entries make a host of the built-in calendar busy.
create table imported_calendars (
  id uuid primary key,
  host_id uuid not null references hosts,
  address text not null,
  created_at timestamptz not null,
  due_at timestamptz not null,
  read_at timestamptz,
  -- A sentence for the host while the calendar cannot be read.
  problem text,
  -- The first entries that could not be read, as a list of {title, reason}, and how many there are.
  skipped jsonb not null default '[]',
  skipped_count integer not null default 0,
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

-- Private addresses at which a person's sessions can be subscribed to. A new address replaces the old one.
create table calendar_feeds (
  token text primary key,
  host_id uuid unique references hosts,
  member_id uuid unique references members,
  created_at timestamptz not null,
  check (num_nonnulls(host_id, member_id) = 1)
);
