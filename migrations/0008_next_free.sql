-- The first few of a Cal.com host's free starts by themselves, so that a page of host cards does not read them all.
alter table calendar_slots add column next_starts timestamptz[] not null default '{}';

-- A day of the host with this many sessions is full; null: no maximum.
alter table hosts add column maximum_per_day integer check (maximum_per_day between 1 and 144);
