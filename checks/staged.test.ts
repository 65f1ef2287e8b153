import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const copied = [
  'checks/staged.ts',
  'checks/programs.ts',
  'dev/git-hook.mjs',
  'scripts/hooks.mjs',
  'package.json',
  '.oxfmtrc.json',
  '.oxlintrc.json',
]

/** The environment of a person whose Git has no settings of its own. */
function environment(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('GIT_') && name !== 'CI' && name !== 'PRESENCE_HOOKS',
  )
  const author = { GIT_AUTHOR_NAME: 'Ann', GIT_AUTHOR_EMAIL: 'ann@example.com' }
  const committer = { GIT_COMMITTER_NAME: 'Ann', GIT_COMMITTER_EMAIL: 'ann@example.com' }
  const plain = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  return { ...Object.fromEntries(kept), ...author, ...committer, ...plain, ...more }
}

function run(folder: string, program: string, words: string[], more: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(program, words, {
    cwd: folder,
    env: environment(more),
    encoding: 'utf8',
  })
  return { status, said: stdout + stderr }
}

const git = (folder: string, ...words: string[]) => run(folder, 'git', words)
const install = (folder: string, more: NodeJS.ProcessEnv = {}) =>
  run(folder, process.execPath, ['scripts/hooks.mjs'], more).said

/** A small project in a folder of its own; with a Git checkout unless told otherwise. */
function project({ isCheckout = true } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'presence-hook-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const path of copied) {
    mkdirSync(join(folder, dirname(path)), { recursive: true })
    copyFileSync(join(root, path), join(folder, path))
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  if (isCheckout) {
    git(folder, 'init', '--quiet')
    git(folder, 'add', ...copied)
    git(folder, 'commit', '--quiet', '--message=Begin')
  }
  return folder
}

function commit(folder: string, files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
  git(folder, 'add', ...Object.keys(files))
  return git(folder, 'commit', '--quiet', '--message=More')
}

const good = "export const a = 'a'\n"
const unformatted = 'export const a = "a";\n'
const doubtful = 'export const isA = (a: string) => a == "a"\n'

test('an unformatted staged file is refused with the command that mends it', () => {
  const folder = project()
  expect(install(folder)).toContain('from now on')
  const { status, said } = commit(folder, { 'a.ts': unformatted, 'b.ts': good })
  expect(status).toBe(1)
  expect(said).toContain('a.ts is not formatted.\nThis formats: npx oxfmt a.ts\nThe commit is refused.')
  expect(commit(folder, { 'a.ts': good, 'b.ts': good, 'c.md': 'as *it* is' }).status).toBe(0)
})

test('a staged file that the linter complains about is refused', () => {
  const folder = project()
  install(folder)
  const { status, said } = commit(folder, { 'a.ts': doubtful.replaceAll('"', "'") })
  expect(status).toBe(1)
  expect(said).toMatch(/a\.ts:1:\d+: .*eqeqeq/)
  expect(said).toContain('npx oxlint --fix a.ts')
})

test('what counts is the staged text, not what else is in the folder', () => {
  const folder = project()
  install(folder)
  writeFileSync(join(folder, 'a.ts'), unformatted)
  git(folder, 'add', 'a.ts')
  writeFileSync(join(folder, 'a.ts'), good)
  expect(git(folder, 'commit', '--quiet', '--message=Half').status).toBe(1)
  git(folder, 'add', 'a.ts')
  writeFileSync(join(folder, 'a.ts'), unformatted)
  writeFileSync(join(folder, 'other.ts'), unformatted)
  expect(git(folder, 'commit', '--quiet', '--message=Whole').status).toBe(0)
})

test('the hook works in a worktree, and lets an older branch and a fresh worktree pass', () => {
  const folder = project()
  const worktree = join(folder, 'other')
  git(folder, 'worktree', 'add', '--quiet', worktree)
  expect(install(worktree)).toContain('from now on')
  expect(commit(worktree, { 'a.ts': unformatted }).status).toBe(0) // nothing is installed there
  symlinkSync(join(root, 'node_modules'), join(worktree, 'node_modules'))
  expect(commit(worktree, { 'b.ts': unformatted }).status).toBe(1)
  git(folder, 'rm', '--quiet', 'checks/staged.ts')
  expect(commit(folder, { 'b.ts': unformatted }).status).toBe(0)
})

test('hooks of somebody else stay as they are', () => {
  const folder = project()
  const file = join(folder, '.git/hooks/pre-commit')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, '#!/bin/sh\nexit 0\n')
  chmodSync(file, 0o755)
  expect(install(folder)).toContain('it stays as it is')
  expect(readFileSync(file, 'utf8')).toBe('#!/bin/sh\nexit 0\n')
  rmSync(file)
  git(folder, 'config', 'core.hooksPath', 'my-hooks')
  expect(install(folder)).toContain('it stays as it is')
  expect(existsSync(file)).toBe(false)
})

test('the hook can be declined, before and after it is installed', () => {
  const folder = project()
  const file = join(folder, '.git/hooks/pre-commit')
  expect(install(folder, { PRESENCE_HOOKS: 'off' })).toContain('declined')
  expect(install(folder, { CI: 'true' })).toContain('declined')
  git(folder, 'config', 'presence.hooks', 'off')
  expect(install(folder)).toContain('declined')
  expect(existsSync(file)).toBe(false)
  git(folder, 'config', '--unset', 'presence.hooks')
  expect(install(folder)).toContain('from now on')
  git(folder, 'config', 'presence.hooks', 'off')
  expect(commit(folder, { 'a.ts': unformatted }).status).toBe(0)
})

test('a folder that is no checkout, or lies within another one, gets no hook', () => {
  expect(install(project({ isCheckout: false }))).toContain('nothing to install')
  const outer = project()
  mkdirSync(join(outer, 'inner/scripts'), { recursive: true })
  mkdirSync(join(outer, 'inner/dev'))
  for (const path of ['dev/git-hook.mjs', 'scripts/hooks.mjs'])
    copyFileSync(join(root, path), join(outer, 'inner', path))
  expect(install(join(outer, 'inner'))).toContain('nothing to install')
  expect(existsSync(join(outer, '.git/hooks/pre-commit'))).toBe(false)
})
