// A document may name only what exists: paths, npm commands, environment variables, other documents.
import { dirname, posix } from 'node:path'
import type { Source } from './sources.ts'

const areas = [
  'server',
  'src',
  'sandbox',
  'world',
  'dev',
  'scripts',
  'simulation',
  'bench',
  'checks',
  'migrations',
  'docs',
  'tests',
  'public',
  '.ci',
]
const npmBuiltins = [
  'install',
  'ci',
  'exec',
  'help',
  'config',
  'outdated',
  'audit',
  'ls',
  'view',
  'update',
  'rebuild',
  'install-scripts',
  'approve-scripts',
  'query',
  'pkg',
]

/** One sentence for every name in README, CONTRIBUTING and docs/ that means nothing. */
export function documentProblems(sources: Source[], allPaths: string[]): string[] {
  const commands = Object.keys(
    (JSON.parse(sources.find(({ path }) => path === 'package.json')?.text ?? '{}') as { scripts?: object })
      .scripts ?? {},
  )
  const code = sources
    .filter(({ path }) => /\.(ts|tsx|mjs|json|sql)$/.test(path) || path === '.env.example')
    .map(({ text }) => text)
    .join('\n')
  const known = new Set(code.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? [])
  const exists = existing(allPaths)
  return sources
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) => [
      ...pathsIn(text)
        .filter((name) => !exists(name))
        .map((name) => `${path} names ${name}, which does not exist.`),
      ...linksIn(text)
        .filter((link) => !exists(posix.join(dirname(path), link)))
        .map((link) => `${path} links to ${link}, which does not exist.`),
      ...commandsIn(text)
        .filter((name) => !commands.includes(name))
        .map((name) => `${path} names the command npm ${name}, which package.json does not have.`),
      ...variablesIn(text)
        .filter((name) => !known.has(name))
        .map((name) => `${path} names ${name}, which no code and no .env.example knows.`),
    ])
}

/** Answers for files, folders, and names with `*` or a `...` for the rest of a file name. */
export function existing(allPaths: string[]): (name: string) => boolean {
  const files = new Set(allPaths)
  return (name) => {
    const wanted = name.replace(/\/$/, '')
    if (files.has(wanted) || allPaths.some((path) => path.startsWith(`${wanted}/`))) return true
    if (!/\*|\.\.\.|…/.test(wanted)) return false
    const pattern = wanted
      .split(/\*+|\.{3,}|…/)
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')
    return allPaths.some((path) => new RegExp(`^${pattern}`).test(path))
  }
}

/** Whether it is written like a path from the root: 'server/db/client.ts'. */
export const isPath = (word: string) => word.includes('/') && areas.includes(word.split('/')[0]!)

const codeIn = (text: string) =>
  [...text.matchAll(/```[^\n]*\n([\s\S]*?)```|`([^`\n]+)`/g)].map((match) => match[1] ?? match[2] ?? '')

function pathsIn(text: string): string[] {
  const words = codeIn(text)
    .flatMap((code) => code.split(/[\s,;:()"'|]+/))
    .map((word) => word.replace(/^\.\//, '').replace(/\.$/, ''))
  return unique(words.filter((word) => isPath(word) && !word.includes('<') && !word.includes('{')))
}

function linksIn(text: string): string[] {
  return unique(
    [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1]!.replace(/#.*$/, ''))
      .filter((link) => link && !/^[a-z]+:/.test(link)),
  )
}

function commandsIn(text: string): string[] {
  const run = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map((match) => match[1]!)
  const short = [...text.matchAll(/\bnpm (start|test|stop|restart)\b/g)].map((match) => match[1]!)
  return unique([...run, ...short].filter((name) => !npmBuiltins.includes(name)))
}

function variablesIn(text: string): string[] {
  return unique(codeIn(text).flatMap((code) => code.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? []))
}

const unique = (words: string[]) => [...new Set(words)]
