-- What becomes of somebody who leaves, and of a number that changes.

-- Whoever left has no number, no name and no row in people. What the law keeps still points at the row.
alter table members add column erased_at timestamptz,
  alter column mobile_number drop not null,
  add constraint members_number_unless_erased check ((mobile_number is null) = (erased_at is not null));
alter table hosts add column erased_at timestamptz,
  add constraint hosts_erased_are_inactive check (erased_at is null or (status = 'Inactive' and mobile_number is null)),
  -- What Airtable says since then, until a code to this number confirms it. Till then the old number stays the host's.
  add column new_number text,
  add column new_number_at timestamptz,
  add constraint hosts_new_number_since check ((new_number is null) = (new_number_at is null));
create index on hosts (new_number) where new_number is not null;

-- A deleted member who comes back as somebody new stays apart from whom they were kept apart: the number is known
-- by a keyed fingerprint, which is kept only while a block stands.
alter table members add column kept_apart_as text,
  add constraint kept_apart_once_erased check (kept_apart_as is null or erased_at is not null);
create index on members (kept_apart_as) where kept_apart_as is not null;
create function forget_whom_to_keep_apart() returns trigger language plpgsql as $$
begin
  update members set kept_apart_as = null where id = new.member_id and kept_apart_as is not null
    and not exists (select from blocks where member_id = new.member_id and lifted_at is null);
  return null;
end $$;
create trigger lifted_blocks_are_forgotten after update of lifted_at on blocks
  for each row when (new.lifted_at is not null) execute function forget_whom_to_keep_apart();

-- An account that is to be deleted: undone until it is due, carried out afterwards.
create table deletions (
  id uuid primary key,
  -- Null once it is carried out.
  person_id uuid references people on delete set null,
  member_id uuid references members,
  host_id uuid references hosts,
  asked_at timestamptz not null,
  due_at timestamptz not null,
  undone_at timestamptz,
  carried_out_at timestamptz,
  check (num_nonnulls(member_id, host_id) >= 1),
  check (num_nonnulls(undone_at, carried_out_at) <= 1),
  check (due_at > asked_at and carried_out_at >= due_at)
);
create unique index deletions_one_per_person on deletions (person_id)
  where undone_at is null and carried_out_at is null;
create index on deletions (due_at) where undone_at is null and carried_out_at is null;

-- What other services hold of somebody who left. The subject is the service's own id, never a number or a name.
create table erasures (
  deletion_id uuid not null references deletions,
  service text not null check (service in
    ('airtable_member', 'airtable_host', 'stripe_customer', 'stripe_account', 'twilio_message', 'calcom_attendee')),
  subject text not null,
  status text not null default 'waiting' check (status in ('waiting', 'done', 'kept')),
  -- Why it was kept: the service does not allow it.
  reason text not null default '',
  ended_at timestamptz,
  primary key (deletion_id, service, subject),
  check ((status = 'waiting') = (ended_at is null)),
  check ((status = 'kept') = (reason <> ''))
);
create index on erasures (deletion_id) where status = 'waiting';

-- Somebody who leaves is not reminded of anything. That a session does not take place is said all the same.
create function drop_message_to_leaving() returns trigger language plpgsql as $$
begin
  if exists (select from deletions join people on people.id = deletions.person_id
    where people.mobile_number = new.mobile_number and undone_at is null and carried_out_at is null) then
    new.status := 'dropped';
    new.failure := 'the account is being deleted';
  end if;
  return new;
end $$;
create trigger messages_to_those_who_stay before insert on messages for each row
  when (new.recipient <> 'operator' and new.status = 'waiting'
    and new.template not in ('Session Cancelled', 'Session Ended', 'Account Deletion', 'Number Changed'))
  execute function drop_message_to_leaving();

-- A change of number under way: a code to the old number and one to the new.
create table number_changes (
  person_id uuid primary key references people on delete cascade,
  new_number text not null check (new_number ~ '^\+[1-9][0-9]{6,14}$'),
  asked_at timestamptz not null,
  old_confirmed_at timestamptz,
  new_confirmed_at timestamptz
);

alter table security_events drop constraint security_events_kind_check;
alter table security_events add check (kind in
  ('signed_in', 'sign_in_refused', 'signed_out', 'signed_out_everywhere', 'refused', 'rights_changed', 'private_read',
    'decided', 'number_changed', 'data_read', 'deletion_asked', 'deletion_undone', 'erased'));

-- A text without somebody's names, numbers and addresses, however they are written; null stays null.
create function without_words(body text, words text[]) returns text language plpgsql immutable as $$
declare word text;
begin
  foreach word in array words loop
    body := regexp_replace(body, '(?<![[:alnum:]])' || regexp_replace(word, '([^[:alnum:][:space:]])', '\\\1', 'g')
      || '(?![[:alnum:]])', 'somebody who left', 'gi');
  end loop;
  return body;
end $$;
