-- Who was stopped, what happened to whom, and how often somebody asked.

-- Hosts are suspended in Airtable; members by an operator, who says why.
alter table members add column suspended_reason text;
update members set suspended_reason = 'Suspended before reasons were kept' where status = 'Suspended';
alter table members add check ((status = 'Suspended') = (suspended_reason is not null));

-- Suspended as a member or as a host means suspended: one person has one number.
create function is_suspended(number text) returns boolean language sql stable as $$
  select exists (select from members where mobile_number = number and status = 'Suspended')
    or exists (select from hosts where mobile_number = number and status = 'Suspended')
$$;

-- However somebody becomes suspended, every sign-in of theirs ends in the same transaction.
create function end_sign_ins_of_suspended() returns trigger language plpgsql as $$
begin
  delete from sign_ins using people
    where sign_ins.person_id = people.id and people.mobile_number = new.mobile_number;
  return null;
end $$;
create trigger suspended_members_are_signed_out after insert or update of status, mobile_number on members
  for each row when (new.status = 'Suspended') execute function end_sign_ins_of_suspended();
create trigger suspended_hosts_are_signed_out after insert or update of status, mobile_number on hosts
  for each row when (new.status = 'Suspended') execute function end_sign_ins_of_suspended();

-- When a sign-in was last used, to the minute, on real time like better-auth's own. An operator's ends when idle.
alter table sign_ins add column used_at timestamptz;

-- However a sign-in ends, its live updates end with it (server/db/live.ts).
create function announce_ended_sign_in() returns trigger language plpgsql as $$
begin
  perform pg_notify('presence_live', json_build_object('endedSignInId', old.id)::text);
  return null;
end $$;
create trigger ended_sign_ins_are_announced after delete on sign_ins
  for each row execute function announce_ended_sign_in();

-- Security events: rows are only ever added, and hold no number, so that they may outlive a person.
create table security_events (
  id uuid primary key,
  -- Dedupe key: the same read or refusal counts once a minute.
  key text not null unique,
  kind text not null check (kind in
    ('signed_in', 'sign_in_refused', 'signed_out_everywhere', 'refused', 'rights_changed', 'private_read', 'decided')),
  person_id uuid,
  -- What was asked for or changed, like "POST /api/ops/tasks/..." or "member ...: Suspended".
  subject text not null,
  reason text not null default '',
  happened_at timestamptz not null
);
create index on security_events (happened_at);
create trigger security_events_are_final before update or delete on security_events
  for each row execute function refuse_change();
create trigger security_events_are_kept before truncate on security_events
  for each statement execute function refuse_change();

-- A host's rights come from Airtable: a change of them is kept, whoever made it.
create function record_host_rights() returns trigger language plpgsql as $$
begin
  insert into security_events (id, key, kind, subject, reason, happened_at)
  select event, event::text, 'rights_changed', 'host ' || new.id,
    concat_ws(', ', case when new.status <> old.status then old.status || ' -> ' || new.status end,
      case when new.mobile_number is distinct from old.mobile_number then 'another mobile number' end),
    new.updated_at
  from gen_random_uuid() event;
  return null;
end $$;
create trigger host_rights_are_recorded after update on hosts for each row
  when (new.status <> old.status or new.mobile_number is distinct from old.mobile_number)
  execute function record_host_rights();

-- Fixed-window rate limits of what people ask for. A crash may forget them.
create unlogged table request_counts (
  key text primary key,
  count integer not null,
  ends_at timestamptz not null
);
create index on request_counts (ends_at);

alter table operator_tasks drop constraint operator_tasks_kind_check;
alter table operator_tasks add check (kind in ('attendance_unknown', 'payment_mismatch', 'payout_failed', 'refund_failed',
  'report', 'dispute', 'money_difference', 'setup', 'job_failed', 'calendar', 'security'));
