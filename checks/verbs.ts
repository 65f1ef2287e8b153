// A verb file of the journey exports the verb it is named after, and the list of verbs holds only those in
// use.
import { isVerb, verbs } from './architecture.ts'
import type { Source } from './sources.ts'

export function verbProblems(sources: Source[], known: readonly string[] = verbs): string[] {
  const files = sources.filter(({ path }) => isVerb(path))
  const used = new Set(files.map(({ path }) => nameOf(path).split('-')[0]!))
  return [
    ...files.flatMap(exportProblems),
    ...known
      .filter((verb) => !used.has(verb))
      .map(
        (verb) =>
          `No file of server/journey begins with "${verb}-". Remove "${verb}" from the list of verbs.`,
      ),
    ...known
      .filter((verb, index) => known.indexOf(verb) !== index)
      .map((verb) => `The list of verbs has "${verb}" twice. Remove one.`),
  ]
}

/** 'server/journey/bookings/cancel-booking.ts' must export `cancelBooking`. */
function exportProblems({ path, text }: Source): string[] {
  const name = nameOf(path).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  const isExported = new RegExp(`^export (?:async )?function\\*? ${name}\\b|^export const ${name}\\b`, 'm')
  if (isExported.test(text)) return []
  return [
    `${path} does not export ${name}. Name the file after the verb that it exports, or the function after the file.`,
  ]
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace(/\.ts$/, '')
