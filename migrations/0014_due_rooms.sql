-- Rooms made ahead, by when they open: thousands of one minute are opened together.
create index rooms_to_open on rooms (opens_at) where status = 'not_created';
