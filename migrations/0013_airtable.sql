-- Airtable refuses more than five calls a second, and then every call for thirty seconds: each of our calls holds one of
-- these slots, over all processes, until a second after its answer.
create table call_slots (
  lane text not null check (lane in ('airtable')),
  slot integer not null,
  free_at timestamptz not null,
  primary key (lane, slot)
);
insert into call_slots (lane, slot, free_at) select 'airtable', slot, '2000-01-01T00:00:00Z' from generate_series(1, 4) slot;

-- The ids behind our names of tables and fields in a base, learned once by name: operators may rename them afterwards.
create table base_ids (
  base_id text primary key,
  tables jsonb not null,
  learned_at timestamptz not null
);
