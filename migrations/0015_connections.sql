-- What was found when each service was asked, whose ids these are, and shares that were paid otherwise.

-- Errors of packages were kept whole with failed jobs, and with them the headers of requests.
do $$ begin
  if to_regclass('pgboss.job') is not null then
    update pgboss.job set output = null
      where output::text ~* '(basic|bearer)\s+[a-z0-9+/=_.-]{8,}' or output::text ~* '"(authorization|auth|password)"';
  end if;
end $$;

-- One row for each thing that is looked at, replaced every time it is looked at.
create table connection_checks (
  provider text not null check (provider in ('presence', 'stripe', 'twilio', 'calcom', 'daily', 'airtable')),
  name text not null,
  state text not null check (state in ('ok', 'notice', 'failing')),
  -- What was found, and for a line that is not in order what to do.
  finding text not null,
  mend text,
  -- Makes one task of each service and cause.
  cause text,
  position integer not null,
  checked_at timestamptz not null,
  primary key (provider, name),
  check ((state = 'failing') = (cause is not null)),
  check (state = 'ok' or mend is not null)
);

-- The account and mode at each service to which the stored ids belong.
create table service_accounts (
  provider text primary key check (provider in ('stripe', 'calcom', 'daily', 'airtable')),
  account text not null,
  mode text not null check (mode in ('live', 'test')),
  -- Whose the present keys are. Another account is noticed at the start, and taken over by an operator.
  found_account text not null,
  found_mode text not null check (found_mode in ('live', 'test')),
  -- Of Stripe: hosts can be paid in this country, or in its region.
  country text,
  since timestamptz not null
);

-- A share that an operator paid outside Stripe: the business's own bank.
alter table postings drop constraint postings_kind_check;
alter table postings add constraint postings_kind_check check (kind in ('paid', 'fee', 'completed', 'transferred',
  'refunded', 'refund_failed', 'returned', 'expired', 'reversed', 'dispute_withdrawn', 'dispute_reinstated',
  'dispute_settled', 'paid_otherwise'));
alter table ledger_entries drop constraint ledger_entries_account_check;
alter table ledger_entries add constraint ledger_entries_account_check check (account in ('stripe_balance',
  'member_prepaid', 'host_payable', 'platform_revenue', 'stripe_fees', 'dispute_loss', 'other_bank'));

alter table payouts drop constraint payouts_status_check;
alter table payouts add constraint payouts_status_check
  check (status in ('waiting_for_onboarding', 'scheduled', 'paid', 'reversed', 'failed', 'paid_otherwise'));
alter table bookings drop constraint bookings_payout_status_check;
alter table bookings add constraint bookings_payout_status_check
  check (payout_status in ('none', 'waiting_for_onboarding', 'scheduled', 'paid', 'reversed', 'failed', 'paid_otherwise'));
alter table payouts add column paid_reference text check (btrim(paid_reference) <> '');
alter table payouts add column paid_on date;
-- The operator who paid it.
alter table payouts add column paid_by text;
alter table payouts add constraint payouts_paid_otherwise check (
  (status = 'paid_otherwise') = (paid_reference is not null)
  and num_nulls(paid_reference, paid_on, paid_by) in (0, 3)
  and (status <> 'paid_otherwise' or (transfer_id is null and paid_at is not null)));
