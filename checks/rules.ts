// The small rules about files: what they may not name, and that SQL does not ask for the time.
import type { Source } from './sources.ts'

const neverNamed: [RegExp, string][] = [
  [
    /\b(?:registry|npm|artifactory|nexus|verdaccio)[\w-]*\.[\w-]+\.(?:com|org|net|io|dev|cloud)\b/i,
    'the host of a package registry: everybody has their own',
  ],
  [
    /"resolved":\s*"https?:/,
    'download addresses: .npmrc keeps them out (omit-lockfile-registry-resolved), so run npm install again',
  ],
  [/(?:^|[\s"'`(=])\/(?:home|Users|root)\/[\w.-]+/m, "a path of one person's machine"],
  [/\bTODO\b|\bFIXME\b/, 'work left open: do it, or write an issue'],
]

export function namedProblems(sources: Source[], ownPath: string): string[] {
  const own: [RegExp, string][] =
    ownPath.length > 4
      ? [[new RegExp(`${escaped(ownPath)}(?![\\w-])`), "a path of one person's machine"]]
      : []
  return sources.flatMap(({ path, text }) =>
    path === 'checks/rules.ts' || path === 'checks/rules.test.ts'
      ? []
      : [...neverNamed, ...own]
          .filter(([pattern]) => pattern.test(text))
          .map(([pattern, what]) => `${path} names ${what} ("${pattern.exec(text)![0].trim()}").`),
  )
}

/** Migrations may not give a column the database's own time: it does not move with the clock. */
export function sqlClockProblems(sources: Source[]): string[] {
  return sources
    .filter(
      ({ path, text }) =>
        path.startsWith('migrations/') &&
        /\b(?:now\(\)|current_timestamp|clock_timestamp\(|current_date)/i.test(text.replace(/--.*$/gm, '')),
    )
    .map(
      ({ path }) =>
        `${path} asks the database for the time. Every timestamp is given by the application (server/lib/time.ts).`,
    )
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
