-- One rating per session and person, behind the switch RATINGS. Each side's stays hidden until both have rated or a
-- week has passed, so that neither answers the other's.
create table ratings (
  booking_id uuid not null references bookings,
  rater text not null check (rater in ('host', 'member')),
  stars integer not null check (stars between 1 and 5),
  tags text[] not null default '{}',
  created_at timestamptz not null,
  primary key (booking_id, rater)
);
