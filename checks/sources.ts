// The files of the project, without what is installed, built or kept from running.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { filesIn } from '../dev/fingerprint.ts'

export type Source = { path: string; text: string }

/** Installed, built, or made while running. */
export const notOurs = /(^|\/)(node_modules|dist(\.[^/]*)?|data(-\d+)?|test-results|\.git)(\/|$)/
const isText =
  /\.(ts|tsx|mjs|js|json|sql|css|html|md|svg|yml|yaml)$|(^|\/)(\.env\.example|\.npmrc|\.gitignore|\.ci\/run)$/

/** Every text file that is or will be committed, with its path from the root. */
export function readSources(root: string): Source[] {
  const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  const paths =
    listed.status === 0
      ? listed.stdout.split('\n').filter(Boolean)
      : filesIn(root, notOurs).map((file) => relative(root, file))
  return paths
    .filter((path) => isText.test(path) && !notOurs.test(path))
    .sort()
    .flatMap((path) => {
      try {
        return [{ path, text: readFileSync(join(root, path), 'utf8') }]
      } catch {
        // Listed by git, but removed from the folder and not yet committed.
        return []
      }
    })
}
