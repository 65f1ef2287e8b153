import type { Field } from './params.ts'
import { invalid } from './refusal.ts'

export type Metadata = Record<string, string>
/** Metadata of a request: new values by key, '' deletes a key, null deletes all. */
export type MetadataChange = Metadata | null

/** At most 50 keys of 40 characters with values of 500. */
export const metadata: Field<MetadataChange> = {
  read: (raw, param) => {
    if (raw === '') return null
    if (typeof raw === 'string') throw invalid('Invalid object', param)
    return Object.fromEntries(
      Object.entries(raw).map(([key, value]) => {
        const name = `${param}[${key}]`
        if (typeof value !== 'string') throw invalid('Metadata values must be strings.', name)
        if (key.length > 40)
          throw invalid(`Metadata keys may have up to 40 characters. '${key}' has ${key.length}.`, name)
        if (value.length > 500)
          throw invalid(
            `Metadata values can have up to 500 characters, but you passed in ${value.length} characters.`,
            name,
          )
        return [key, value]
      }),
    )
  },
}

export function applyMetadata(before: Metadata, change: MetadataChange | undefined): Metadata {
  if (change === undefined) return before
  if (change === null) return {}
  const after = Object.fromEntries(
    Object.entries({ ...before, ...change }).filter(([, value]) => value !== ''),
  )
  if (Object.keys(after).length > 50) throw invalid('You can have up to 50 metadata keys.', 'metadata')
  return after
}
