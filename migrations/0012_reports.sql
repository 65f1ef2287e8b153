-- Which attempt a report speaks of: one that ended a session keeps it from being settled by rule, and no later one.
alter table reports add column attempt integer;
update reports set attempt = (evidence ->> 'attempt')::integer where evidence is not null;
create index on reports (booking_id, attempt) where has_ended_session;
