-- What happens at Stripe is followed by differences; what waits for an operator names whom it is about.

-- A dispute's money is posted by its balance transactions, each once. What the bank gave the member is posted apart.
alter table postings drop constraint postings_kind_check;
alter table postings add check (kind in ('paid', 'fee', 'completed', 'transferred', 'refunded', 'refund_failed', 'returned',
  'expired', 'reversed', 'dispute_withdrawn', 'dispute_reinstated', 'dispute_settled'));

-- The dispute by which the member's bank gave this refund's money back instead of us.
alter table refunds add column dispute_id uuid references disputes;
create index on refunds (dispute_id) where dispute_id is not null;

-- Kinds as in server/lib/operator-task.ts; a test compares the two.
alter table operator_tasks add check (kind in ('attendance_unknown', 'payment_mismatch', 'payout_failed', 'refund_failed',
  'report', 'dispute', 'money_difference', 'setup', 'job_failed', 'calendar'));
create index on operator_tasks (purchase_id) where resolved_at is null;

-- Payouts of a purchase pause while a dispute about it is open, an operator has not resolved a discrepancy with Stripe,
-- or something of it at Stripe cannot be followed.
alter table purchases drop column payouts_stopped;
create view paused_purchases as
  select purchase_id from disputes where status = 'open'
  union
  select purchase_id from operator_tasks
  where kind = 'money_difference' and resolved_at is null and purchase_id is not null
  union
  select split_part(key, ':', 1)::uuid from quarantine where kind = 'follow-money';

-- How far Stripe's list of movements has been read. What is older than `began_at` is not ours.
create table movements_read (
  only_one boolean primary key default true check (only_one),
  began_at timestamptz not null,
  read_to timestamptz not null
);
