-- Who stopped our text messages, and which hosts connected their own Cal.com.

-- By a word of theirs, or because Twilio refuses the number (21610). Only a word forbids to try again.
create table stopped_numbers (
  mobile_number text primary key,
  by_word boolean not null,
  stopped_at timestamptz not null
);

-- Cal.com takes no credential of Presence here: the key is the host's, sealed with a key made from AUTH_SECRET.
create table calcom_connections (
  host_id uuid primary key references hosts (id),
  sealed_key text not null,
  cal_username text not null,
  cal_email text not null,
  webhook_id text,
  -- Whole sentences: what the host has to mend at Cal.com. Empty where nothing is wrong.
  problems text[] not null default '{}',
  connected_at timestamptz not null,
  checked_at timestamptz not null
);

insert into stopped_numbers (mobile_number, by_word, stopped_at)
select number, true, received_at from (
  select distinct on (payload ->> 'From')
    payload ->> 'From' as number, payload ->> 'OptOutType' as word, received_at
  from webhook_events
  where provider = 'twilio' and type = 'inbound' and payload ->> 'OptOutType' in ('STOP', 'START')
  order by payload ->> 'From', received_at desc
) last_words where word = 'STOP' and number is not null;
