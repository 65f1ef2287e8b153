// Everything that can be known in seconds and without a database.
import { join, relative } from 'node:path'
import { architectureProblems } from './architecture.ts'
import { commentProblems } from './comments.ts'
import { decisionProblems } from './decisions.ts'
import { documentProblems } from './documents.ts'
import { journeyProblems } from './journey.ts'
import { listProblems } from './lists.ts'
import { lockfileProblems } from './lockfile.ts'
import { deadCodeProblems, formatProblems, lintProblems, promiseProblems, typeProblems } from './programs.ts'
import { regexCache, regexProblems } from './regexes.ts'
import { namedProblems, sqlClockProblems } from './rules.ts'
import { sizeProblems, sizesInWords } from './sizes.ts'
import { notOurs, readSources, type Source } from './sources.ts'
import { checkChanged } from './unchanged.ts'
import { verbProblems } from './verbs.ts'
import { filesIn } from '../dev/fingerprint.ts'
import { staleSchemaTypes } from '../dev/schema-types.ts'

const root = join(import.meta.dirname, '..')

type Check = [name: string, problems: () => Promise<string[]> | string[]]

/** The programs come first: they run beside the checks after them. */
function checks(): Check[] {
  const sources = readSources(root)
  const allPaths = filesIn(root, notOurs).map((file) => relative(root, file))
  return [
    ['types (tsc)', () => typeProblems(root)],
    ['format (oxfmt)', () => formatProblems(root)],
    ['lint (oxlint)', () => lintProblems(root)],
    ['no promise is left alone (tsgolint)', () => promisesOf(sources)],
    ['no dead exports, files or packages (knip)', () => deadCodeProblems(root)],
    ['architecture: who imports whom', () => architectureProblems(sources)],
    ['verb files export their verb', () => verbProblems(sources)],
    [`sizes: ${sizesInWords(sources)}`, () => sizeProblems(sources)],
    ['nothing is named that belongs to one machine', () => namedProblems(sources, root)],
    ['no list is cut off by chance', () => listProblems(sources)],
    ['SQL never asks for the time', () => sqlClockProblems(sources)],
    ['no text can hold up the process (recheck)', () => regexProblems(sources, regexCache(root))],
    ['documents name only what exists', () => documentProblems(sources, allPaths)],
    ['comments name only what exists', () => commentProblems(sources, allPaths)],
    ['the index of decisions is complete', () => decisionProblems(sources)],
    ['docs/journey.md names every route and job', () => journeyProblems(sources)],
    ['the lockfile installs on every platform', () => lockfileProblems(sources)],
    ['database types fit the migrations', () => [staleSchemaTypes(root) ?? []].flat()],
  ]
}

function promisesOf(sources: Source[]): Promise<string[]> {
  const cacheFile = join(root, 'node_modules', '.cache', 'promises.json')
  return checkChanged(sources, cacheFile, (paths) => promiseProblems(root, paths))
}

/** Runs every check and prints each with its time and what to do about it. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  const startedAt = performance.now()
  const found = await Promise.all(
    checks().map(async ([name, findProblems]) => {
      const from = performance.now()
      return { name, problems: await findProblems(), seconds: secondsSince(from) }
    }),
  )
  for (const { name, problems, seconds } of found) {
    console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${seconds.padStart(5)} s  ${name}`)
    for (const problem of problems) console.log(problem.replace(/^/gm, '              '))
  }
  const failed = found.filter(({ problems }) => problems.length > 0).length
  console.log(
    failed === 0
      ? `\nAll ${found.length} checks pass (${secondsSince(startedAt)} s).`
      : `\n${failed} of ${found.length} checks fail (${secondsSince(startedAt)} s).`,
  )
  return { passed: found.length - failed, failed }
}

const secondsSince = (from: number) => ((performance.now() - from) / 1000).toFixed(1)
