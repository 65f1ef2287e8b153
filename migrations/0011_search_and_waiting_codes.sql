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
