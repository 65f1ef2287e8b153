// No text can hold up the process: every regular expression of server/ takes linear time, by recheck.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { check } from 'recheck'
import type { Source } from './sources.ts'

/** What recheck cannot decide, with why it is linear all the same. */
const readByHand: Record<string, string> = {
  '/\\/+$/': 'of an address in the environment, which whoever runs Presence writes',
  '/(?<![ ])[ ]*[,;:\\u2013\\u2014-][ ]*\\0[ ]*(?=[.,;:!?]|$)/g':
    'begins at the first of several spaces only',
  '/(?<=[.!?])[ ]*\\0[ ]*[.,;:!?]/g': 'begins behind a full stop only',
  '/(?<![ ])[ ]*\\0[ ]*(?=[.,;:!?)\\]]|$)/g': 'begins at the first of several spaces only',
  '/(?<![ ])[ ]*\\0[ ]*/g': 'begins at the first of several spaces only',
  '/^(\\d{4})-?(\\d\\d)-?(\\d\\d)(?:[T ]\\s*(\\d\\d):?(\\d\\d):?(\\d\\d)?(?:\\.\\d+)?\\s*(?:(Z)|([+-])(\\d\\d):?(\\d\\d))?)?$/i':
    'anchored, and what follows each repetition is not in it',
  '/^(?:https?:\\/\\/)?(?:app\\.|www\\.)?cal\\.com\\/([\\w.-]+)\\/([\\w.-]+)\\/?(?:\\?.*)?$/i':
    'anchored, and a slash divides the repetitions',
}

type Found = { path: string; pattern: string; flags: string }
type Verdict = 'safe' | 'vulnerable' | 'unknown'

/** Verdicts are kept in `cacheFile`: only what is new takes time. */
export async function regexProblems(sources: Source[], cacheFile: string): Promise<string[]> {
  const known = readCache(cacheFile)
  const problems: string[] = []
  for (const { path, pattern, flags } of sources.flatMap(regexesIn)) {
    const written = `/${pattern}/${flags}`
    if (Object.hasOwn(readByHand, written)) continue
    known[written] ??= await verdictOf(pattern, flags)
    if (known[written] === 'vulnerable')
      problems.push(
        `${path}: ${written} takes more than linear time. Let no two repetitions match the same text.`,
      )
    if (known[written] === 'unknown')
      problems.push(
        `${path}: recheck cannot decide about ${written}. Make it simpler, or say in checks/regexes.ts why it is linear.`,
      )
  }
  mkdirSync(dirname(cacheFile), { recursive: true })
  writeFileSync(cacheFile, JSON.stringify(known))
  return problems
}

/** Each regular expression that is written as one; those made from text are not seen. */
function regexesIn({ path, text }: Source): Found[] {
  if (!/^server\/.*(?<!\.test|\.generated)\.ts$/.test(path)) return []
  const found: Found[] = []
  JSON.stringify(parseSync(path, text).program, (_key, value: unknown) => {
    if (typeof value === 'bigint') return String(value)
    if (isRegex(value)) found.push({ path, ...value.regex })
    return value
  })
  return found
}

function isRegex(value: unknown): value is { regex: { pattern: string; flags: string } } {
  return typeof value === 'object' && value !== null && 'regex' in value && typeof value.regex === 'object'
}

async function verdictOf(pattern: string, flags: string): Promise<Verdict> {
  return (await check(pattern, flags, { timeout: 20_000 })).status
}

function readCache(file: string): Record<string, Verdict> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Verdict>
  } catch {
    return {} // the first run here
  }
}

/** Beside what is installed, so that a new installation asks again. */
export const regexCache = (root: string) => join(root, 'node_modules', '.cache', 'presence', 'regexes.json')
