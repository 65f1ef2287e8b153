-- One person is one host: a number belongs to at most one host who is Active or Suspended. An Inactive row may
-- share it, since hosts are never deleted.
create unique index hosts_one_live_per_number on hosts (mobile_number) where status <> 'Inactive';

-- The writer to Airtable reads its backlog in this order.
create index record_changes_by_age on record_changes (table_name, changed_at, presence_id);
