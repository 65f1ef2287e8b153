-- Where Airtable was told to send its pings: another PUBLIC_URL needs another webhook.
alter table airtable_webhooks add column notification_url text not null default '';

-- Questions and answers that the operators write in Help Desk Prompts.
create table help_prompts (
  airtable_record_id text primary key,
  question text not null,
  answer text not null
);
