// Which files a check by types must look at again: those that changed, and those that import one that did.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { importsIn, resolveImport } from '../dev/imports.ts'
import type { Source } from './sources.ts'

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32)

/** What a check by types depends on besides our files: the packages, the compiler's and its own settings. */
const settings = /^(package-lock\.json|tsconfig\.json|checks\/(programs\.ts|promises\.oxlintrc\.json))$/

/**
 * For each TypeScript file a fingerprint of everything that can change what a check by types says about it:
 * its text, the texts of all it imports, directly or not, and the settings.
 */
function typeFingerprints(sources: Source[]): Map<string, string> {
  const texts = new Map(sources.map(({ path, text }) => [path, text]))
  const own = new Map(sources.map(({ path, text }) => [path, hash(text)]))
  const shared = hash([...own].filter(([path]) => settings.test(path)).join('\n'))
  const targets = new Map(
    [...texts].map(([path, text]) => [
      path,
      importsIn(text).flatMap(({ specifier }) => resolveImport(path, specifier) ?? []),
    ]),
  )
  const reachedFrom = (path: string) => {
    const reached = new Set<string>()
    const waiting = [path]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (reached.has(next)) continue
      reached.add(next)
      waiting.push(...(targets.get(next) ?? []))
    }
    return [...reached].sort()
  }
  return new Map(
    [...texts.keys()]
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => [
        path,
        hash(
          [shared, ...reachedFrom(path).map((one) => `${one} ${own.get(one) ?? 'is missing'}`)].join('\n'),
        ),
      ]),
  )
}

/**
 * Runs `check` on the files that it has not passed as they are, and keeps in `cacheFile` which pass. Without
 * any, nothing is run.
 */
export async function checkChanged(
  sources: Source[],
  cacheFile: string,
  check: (paths: string[]) => Promise<string[]>,
): Promise<string[]> {
  const fingerprints = typeFingerprints(sources)
  const passed = readCache(cacheFile)
  const changed = [...fingerprints].filter(([, fingerprint]) => !passed.has(fingerprint))
  const problems = changed.length === 0 ? [] : await check(changed.map(([path]) => path))
  if (problems.length === 0) {
    mkdirSync(dirname(cacheFile), { recursive: true })
    writeFileSync(cacheFile, JSON.stringify([...fingerprints.values()]))
  }
  return problems
}

function readCache(file: string): Set<string> {
  try {
    return new Set(JSON.parse(readFileSync(file, 'utf8')) as string[])
  } catch {
    return new Set()
  }
}
