// What is searched for is compared as `searchable` writes it (migrations): without accents, apostrophes,
// ligatures.
import { type RawBuilder, sql } from 'kysely'

/** The pattern for `like` on a `search_text` that finds these words anywhere in it. */
export function containing(words: string): RawBuilder<string> {
  return sql<string>`'%' || regexp_replace(searchable(${words.replaceAll('\u0000', '')}::text), '([\\\\%_])', '\\\\\\1', 'g') || '%'`
}
