// A hash over the contents of a set of files.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

/**
 * A hash over the names and contents of `paths` (files or whole folders, below
 * `root`); what is missing counts as empty.
 */
export function fingerprintOf(root: string, paths: string[]): string {
  const hash = createHash('sha256')
  for (const path of paths) {
    for (const file of filesIn(join(root, path)))
      hash
        .update(`${relative(root, file)}\0`)
        .update(readFileSync(file))
        .update('\0')
  }
  return hash.digest('hex').slice(0, 16)
}

/**
 * Every file below `path`, sorted; `path` itself where it is a file. Leaves out what
 * matches `except`, whole folders included.
 */
export function filesIn(path: string, except?: RegExp): string[] {
  if (!existsSync(path) || except?.test(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name), except))
}
