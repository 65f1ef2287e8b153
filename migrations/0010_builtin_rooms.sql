-- Rooms of our own: who is in them, by our clock, and what two browsers tell each other to find a way to one another.

-- One browser in one room. Its stays are kept in attendance, under its id and the number of the stay.
create table visits (
  id uuid primary key,
  booking_id uuid not null,
  attempt integer not null,
  role text not null check (role in ('host', 'member')),
  joined_at timestamptz not null,
  -- When it was last heard of; and until when it is taken to be there, on real time, since a clock that is moved takes nobody out.
  seen_at timestamptz not null,
  there_until timestamptz not null,
  stays integer not null default 1,
  ended_at timestamptz,
  ended_by text check (ended_by in ('left', 'replaced', 'lost', 'closed')),
  foreign key (booking_id, attempt) references rooms,
  check ((ended_at is null) = (ended_by is null))
);
-- A room has one seat for each of its two people: never a third, whatever is opened where.
create unique index visits_one_per_seat on visits (booking_id, attempt, role) where ended_at is null;
create index on visits (there_until) where ended_at is null;

-- What one browser tells another. Sent again after a lost answer, it is stored once.
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
