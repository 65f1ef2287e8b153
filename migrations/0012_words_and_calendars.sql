-- What a search compares: lower case, without accents, apostrophes and ligatures, with single blanks for dashes.
-- "soren" finds Søren, "oconnor" finds O’Connor. The dictionary is named, so that the function may be indexed.
create function searchable(words text) returns text
language sql immutable parallel safe strict
return btrim(regexp_replace(regexp_replace(
  lower(public.unaccent('public.unaccent', regexp_replace(
    normalize(translate(words, '''’‘‛`´ʼʻʹʾʿ′＇', ''), nfkd),
    -- Accents of every script that has them apart, and marks that cannot be seen.
    '[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]',
    '', 'g')) collate pg_unicode_fast),
  '[-\u2010-\u2015\u2212]', ' ', 'g'), '\s+', ' ', 'g'));

drop index hosts_search_text_idx;
alter table hosts drop column search_text;
alter table hosts add column search_text text not null
  generated always as (searchable(full_name || ' ' || bio)) stored;
create index on hosts using gin (search_text gin_trgm_ops);
alter table members add column search_text text not null generated always as (searchable(full_name)) stored;
create index on members using gin (search_text gin_trgm_ops);

-- A code asked for again replaces the one before, so that a number has one row at most. Twilio makes and checks
-- the codes; better-auth writes a row for each. Two requests at once take turns by the lock.
delete from sign_in_verifications older using sign_in_verifications newer
where older.identifier = newer.identifier and (older.created_at, older.id) < (newer.created_at, newer.id);
drop index sign_in_verifications_identifier_idx;
create unique index sign_in_verifications_identifier_key on sign_in_verifications (identifier);
create function replace_verification() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('sign-in:' || new.identifier, 0));
  delete from sign_in_verifications where identifier = new.identifier;
  return new;
end $$;
create trigger replace_verification before insert on sign_in_verifications
  for each row execute function replace_verification();
create index on sign_in_verifications (expires_at);

-- How a host tells their calendars apart: a name of their own (empty: the address says it), and a colour.
alter table imported_calendars
  add column name text not null default '' check (length(name) <= 40),
  add column color text not null default 'blue' check (color in ('blue', 'violet', 'amber', 'rose', 'teal'));
update imported_calendars set color = (array['blue', 'violet', 'amber', 'rose', 'teal'])[1 + (numbered.place - 1) % 5]
from (select id, row_number() over (partition by host_id order by created_at, id) as place from imported_calendars) numbered
where numbered.id = imported_calendars.id;
