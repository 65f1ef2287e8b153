// The pre-commit hook: format and lint of the staged files alone. A status of 1 refuses the commit.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatOf, lintProblems } from './programs.ts'

const root = join(import.meta.dirname, '..')

function git(words: string[], input = ''): string {
  return spawnSync('git', words, { cwd: root, input, encoding: 'utf8', maxBuffer: 1 << 26 }).stdout
}

/** The format of what is committed, which may differ from what is in the folder. */
async function stagedFormat(paths: string[]): ReturnType<typeof formatOf> {
  const folder = mkdtempSync(join(tmpdir(), 'presence-staged-'))
  try {
    copyFileSync(join(root, '.oxfmtrc.json'), join(folder, '.oxfmtrc.json'))
    git(['checkout-index', '-z', '--stdin', `--prefix=${folder}/`], paths.join('\0'))
    return await formatOf(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const staged = git(['diff', '--cached', '--name-only', '--diff-filter=ACMR', '-z'])
  .split('\0')
  .filter(Boolean)
const formatted = staged.filter((path) => /\.(tsx?|m?js|css|json)$/.test(path))
const linted = staged.filter((path) => /\.(tsx?|m?js)$/.test(path) && existsSync(join(root, path)))
const [{ unformatted, unreadable }, lint] = await Promise.all([
  formatted.length > 0 ? stagedFormat(formatted) : { unformatted: [], unreadable: [] },
  linted.length > 0 ? lintProblems(root, linted) : [],
])
const refusals = [
  ...unreadable,
  ...lint,
  ...(lint.length > 0
    ? [`Correct these lines. For some this is enough: npx oxlint --fix ${linted.join(' ')}`]
    : []),
  ...unformatted.map((file) => `${file} is not formatted.`),
  ...(unformatted.length > 0 ? [`This formats: npx oxfmt ${unformatted.join(' ')}`] : []),
]
if (refusals.length > 0) {
  console.error(`${refusals.join('\n')}\nThe commit is refused. Stage the corrected files and commit again.`)
  process.exitCode = 1
}
