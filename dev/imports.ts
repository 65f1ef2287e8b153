// Finds imports in the text of our sources, which always name the whole file.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, posix, relative } from 'node:path'
import { filesIn } from './fingerprint.ts'

export type Import = {
  /** As written: './plan.ts', 'node:fs', 'react'. */
  specifier: string
  /** A type-only import: nothing is loaded when the program runs. */
  isTypeOnly: boolean
}

const statement =
  /^\s*(?:import|export)\s+(type\s)?[^'"`;]*?from\s*(['"])([^'"]+)\2|^\s*import\s*(['"])([^'"]+)\4|\bimport\(\s*(['"])([^'"]+)\6\s*\)/gm

/** Every static import, re-export and dynamic import in `text`. */
export function importsIn(text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  return [...code.matchAll(statement)].map((match) => ({
    specifier: match[3] ?? match[5] ?? match[7] ?? '',
    isTypeOnly: Boolean(match[1]),
  }))
}

/**
 * The file a relative specifier means, relative to the root: ('server/db/client.ts', '../config.ts') ->
 * 'server/config.ts'.
 */
export function resolveImport(file: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(file), specifier)) : undefined
}

/** Files reached from `folder` over imports that load something, relative to the root, `folder` included. */
export function filesReachedFrom(root: string, folder: string): string[] {
  const reached = new Set<string>()
  const waiting = filesIn(join(root, folder))
    .map((file) => relative(root, file))
    .filter(isSource)
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (reached.has(file) || !existsSync(join(root, file)) || statSync(join(root, file)).isDirectory())
      continue
    reached.add(file)
    if (!isSource(file)) continue
    for (const { specifier, isTypeOnly } of importsIn(readFileSync(join(root, file), 'utf8'))) {
      const target = isTypeOnly ? undefined : resolveImport(file, specifier)
      if (target) waiting.push(target)
    }
  }
  return [...reached]
}

function isSource(file: string): boolean {
  return /\.(ts|tsx)$/.test(file) && !/\.test\.tsx?$/.test(file)
}
