// The hook that looks at staged files before a commit. Plain JavaScript without dependencies, because setup
// installs it before anything else is there.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

const mark = '# Made by "npm run hooks" of Presence.'
const hook = `#!/bin/sh
${mark} To decline: PRESENCE_HOOKS=off, or git config presence.hooks off
[ "$PRESENCE_HOOKS" = off ] && exit 0
[ "$(git config --type=bool --get presence.hooks)" = false ] && exit 0
# An older branch does not have the check, and a fresh worktree not the programs.
[ -f checks/staged.ts ] && [ -x node_modules/.bin/node ] || exit 0
exec node_modules/.bin/node checks/staged.ts
`

/**
 * Installs the hook for every worktree of the checkout at `root`. Returns what it found there: 'installed' when
 * it is new, 'present', 'declined', 'foreign' where hooks of somebody else are in the way, or 'none' where there
 * is no Git checkout to install it in.
 */
export function installHook(root, env = process.env) {
  const git = (...words) => spawnSync('git', words, { cwd: root, env, encoding: 'utf8' })
  const place = git('rev-parse', '--path-format=absolute', '--show-toplevel', '--git-common-dir')
  const [top, common] = place.status === 0 ? place.stdout.trim().split('\n') : []
  if (!common || realpathSync(top) !== realpathSync(root)) return 'none'
  if (isOff(env, git('config', '--type=bool', '--get', 'presence.hooks').stdout)) return 'declined'
  if (git('config', '--get', 'core.hooksPath').status === 0) return 'foreign'
  const file = join(common, 'hooks', 'pre-commit')
  const found = lstatSync(file, { throwIfNoEntry: false })
  const text = found?.isFile() ? readFileSync(file, 'utf8') : ''
  if (found && !text.includes(mark)) return 'foreign'
  if (text === hook) return 'present'
  mkdirSync(join(common, 'hooks'), { recursive: true })
  writeFileSync(`${file}.${process.pid}`, hook)
  chmodSync(`${file}.${process.pid}`, 0o755)
  renameSync(`${file}.${process.pid}`, file)
  return found ? 'present' : 'installed'
}

/** Somebody said no, or this is a machine that only builds and tests. */
function isOff(env, setting) {
  return (
    env.PRESENCE_HOOKS === 'off' || setting.trim() === 'false' || !['', 'false', '0'].includes(env.CI ?? '')
  )
}
