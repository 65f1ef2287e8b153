-- The other one's latest visit is asked for every few seconds by everybody in a room.
create index on visits (booking_id, attempt, role, id);
