-- What a host's calendar at Cal.com holds for a session, per attempt: what it should hold, and what was seen.
create table calendar_entries (
  booking_id uuid not null references bookings,
  attempt integer not null,
  -- The account and event type at the time of booking: the host may have another one by now.
  cal_username text not null,
  cal_event_slug text not null,
  start_at timestamptz not null,
  -- By which it is looked up where its uid is not known.
  attendee_email text not null,
  -- Cal.com's reference, once it is known.
  uid text unique,
  wanted text not null check (wanted in ('present', 'absent')),
  seen text not null check (seen in ('unknown', 'present', 'absent')),
  -- An act without an answer may still arrive until then; looking before proves nothing.
  arrives_until timestamptz,
  reason text not null default '',
  primary key (booking_id, attempt)
);
create index on calendar_entries (start_at) where wanted = 'absent' and seen <> 'absent';
create index on calendar_entries (start_at) where wanted = 'present';
