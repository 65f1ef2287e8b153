-- Who is kept apart from whom, what people reported, and what they agreed to.

-- Two people who are kept apart, set by a report or in one tap. An operator lifts it with a reason; the row stays.
create table blocks (
  id uuid primary key,
  host_id uuid not null references hosts,
  member_id uuid not null references members,
  set_by text not null check (set_by in ('host', 'member')),
  created_at timestamptz not null,
  lifted_at timestamptz,
  -- The operator who lifted it.
  lifted_by text,
  lift_reason text check (btrim(lift_reason) <> ''),
  check (num_nulls(lifted_at, lifted_by, lift_reason) in (0, 3))
);
create unique index blocks_one_per_pair on blocks (host_id, member_id) where lifted_at is null;
create index on blocks (member_id) where lifted_at is null;

create function refuse_change_of_block() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' or old.lifted_at is not null
    or (old.id, old.host_id, old.member_id, old.set_by, old.created_at)
      is distinct from (new.id, new.host_id, new.member_id, new.set_by, new.created_at) then
    raise exception 'a block is kept, and lifted only once' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger blocks_are_kept before update or delete on blocks for each row execute function refuse_change_of_block();

-- The one place that says who is kept apart. It is about people, who are known by their numbers: a host who is
-- listed anew, and a member who became a host, stay apart from the same person.
create view blocked_pairs as
  select host_id, member_id from blocks where lifted_at is null
  union
  select twin.id, blocks.member_id
    from blocks join hosts on hosts.id = blocks.host_id
      join hosts twin on twin.mobile_number = hosts.mobile_number and twin.id <> hosts.id
    where blocks.lifted_at is null
  union
  select hosts.id, members.id
    from blocks join hosts then_host on then_host.id = blocks.host_id
      join members then_member on then_member.id = blocks.member_id
      join hosts on hosts.mobile_number = then_member.mobile_number
      join members on members.mobile_number = then_host.mobile_number
    where blocks.lifted_at is null;

-- A block and whatever it forbids wait for each other, so that of two at once the later sees the earlier.
create function lock_pair(host uuid, member uuid, is_shared boolean) returns void language plpgsql as $$
declare key bigint := hashtextextended('pair:' || host || ':' || member, 0);
begin
  if is_shared then perform pg_advisory_xact_lock_shared(key); else perform pg_advisory_xact_lock(key); end if;
end $$;

create function lock_pair_of_block() returns trigger language plpgsql as $$
begin
  perform lock_pair(new.host_id, new.member_id, false);
  return new;
end $$;
create trigger blocks_lock_their_pair before insert on blocks for each row execute function lock_pair_of_block();

create function refuse_blocked_pair() returns trigger language plpgsql as $$
begin
  perform lock_pair(new.host_id, new.member_id, true);
  if exists (select from blocked_pairs where host_id = new.host_id and member_id = new.member_id) then
    raise exception 'these two people are kept apart'
      using errcode = 'check_violation', constraint = 'no_meeting_of_a_blocked_pair';
  end if;
  return new;
end $$;

-- What was paid stays paid, and what is over stays as it was: only new meetings, purchases and likes are refused.
create trigger bookings_of_unblocked_pairs before insert on bookings for each row
  when (new.state = 'created') execute function refuse_blocked_pair();
create trigger bookings_scheduled_for_unblocked_pairs before update of state, start_at, host_id, member_id on bookings
  for each row when (new.state = 'created' and (old.state, old.start_at, old.host_id, old.member_id)
    is distinct from (new.state, new.start_at, new.host_id, new.member_id))
  execute function refuse_blocked_pair();
create trigger purchases_of_unblocked_pairs before insert on purchases for each row execute function refuse_blocked_pair();
create trigger likes_of_unblocked_pairs before insert or update on likes for each row
  when (new.host_liked_at is not null or new.member_liked_at is not null) execute function refuse_blocked_pair();

create function refuse_blocked_reservation() returns trigger language plpgsql as $$
declare member uuid := (select member_id from bookings where id = new.booking_id);
begin
  perform lock_pair(new.host_id, member, true);
  if exists (select from blocked_pairs where host_id = new.host_id and member_id = member) then
    raise exception 'these two people are kept apart'
      using errcode = 'check_violation', constraint = 'no_meeting_of_a_blocked_pair';
  end if;
  return new;
end $$;
create trigger reservations_of_unblocked_pairs before insert or update on slot_reservations
  for each row execute function refuse_blocked_reservation();

-- Whom a message is about, where it is about two people. About a blocked pair only the end of their sessions is told.
alter table messages add host_id uuid references hosts, add member_id uuid references members,
  drop constraint messages_recipient_check,
  add constraint messages_recipient_check check (recipient in ('host', 'member', 'operator'));
create index on messages (host_id, member_id) where status = 'waiting';

create function drop_message_about_blocked_pair() returns trigger language plpgsql as $$
begin
  if exists (select from blocked_pairs where host_id = new.host_id and member_id = new.member_id) then
    new.status := 'dropped';
    new.failure := 'the two are kept apart';
  end if;
  return new;
end $$;
create trigger messages_about_unblocked_pairs before insert on messages for each row
  when (new.host_id is not null and new.member_id is not null and new.status = 'waiting'
    and new.template not in ('Session Cancelled', 'Session Ended'))
  execute function drop_message_about_blocked_pair();

-- Who gave a session back to its member, so that it is worded truly.
alter table bookings add given_back_by text check (given_back_by in ('host', 'presence'));

-- One task for all that one person reports of another, the most urgent first.
alter table operator_tasks add urgency smallint not null default 0 check (urgency between 0 and 2);
drop index operator_tasks_created_at_idx;
create index operator_tasks_waiting on operator_tasks (urgency desc, created_at) where resolved_at is null;
alter table reports add task_id uuid references operator_tasks, add urgency smallint not null default 1
  check (urgency between 1 and 2);
create index on reports (task_id);
create index on reports (booking_id, reporter, created_at);

-- What somebody agreed to, in which version and when; rows are only ever added. Marketing may be taken back.
create table consents (
  id bigint generated always as identity primary key,
  host_id uuid references hosts,
  member_id uuid references members,
  document text not null check (document in ('terms', 'privacy', 'pledge', 'age', 'not-therapy', 'marketing')),
  version text not null check (version <> ''),
  is_given boolean not null default true check (is_given or document = 'marketing'),
  created_at timestamptz not null,
  check (num_nonnulls(host_id, member_id) = 1)
);
create index on consents (member_id, document, id);
create index on consents (host_id, document, id);
create trigger consents_are_final before update or delete on consents for each row execute function refuse_change();

-- What somebody wrote to us is a task as well.
alter table operator_tasks drop constraint operator_tasks_kind_check;
alter table operator_tasks add check (kind in ('attendance_unknown', 'payment_mismatch', 'payout_failed', 'refund_failed',
  'report', 'dispute', 'money_difference', 'setup', 'job_failed', 'calendar', 'security', 'contact'));
