-- How fast a service lets us call that does not say its limit: learned from its refusals, shared by all processes.
create table learned_paces (
  lane text primary key check (lane in ('twilio_sms')),
  -- One call in this many milliseconds.
  every_ms double precision not null,
  free_at timestamptz not null,
  slowed_at timestamptz not null
);
insert into learned_paces (lane, every_ms, free_at, slowed_at) values ('twilio_sms', 1, '2000-01-01T00:00:00Z', '2000-01-01T00:00:00Z');
