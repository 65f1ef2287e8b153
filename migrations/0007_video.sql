-- Rooms made ahead of time, at the pace that the video provider allows, counted over all processes.

-- When the next call of a lane may be made. One update takes a turn, so that no two processes take the same.
create table call_paces (
  lane text primary key check (lane in ('daily_ahead', 'daily_soon', 'daily_delete')),
  free_at timestamptz not null
);
insert into call_paces (lane, free_at) values
  ('daily_ahead', '2000-01-01T00:00:00Z'), ('daily_soon', '2000-01-01T00:00:00Z'), ('daily_delete', '2000-01-01T00:00:00Z');

-- The id of our domain at Daily, by a fingerprint of the key it belongs to: with it a token is signed without a call.
create table daily_domains (
  key_fingerprint text primary key,
  domain_id text not null,
  learned_at timestamptz not null
);

-- What a report keeps of the session it is about, as it was known then; and whether the reporter ended it.
alter table reports
  add column evidence jsonb,
  add column has_ended_session boolean not null default false;
