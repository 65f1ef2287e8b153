// Everything that can be known in seconds and without a database.
import { spawn } from 'node:child_process'
import { join, relative } from 'node:path'
import { architectureProblems } from './architecture.ts'
import { documentProblems } from './documents.ts'
import { lockfileProblems } from './lockfile.ts'
import { namedProblems, sizeProblems, sqlClockProblems } from './rules.ts'
import { notOurs, readSources } from './sources.ts'
import { filesIn } from '../dev/fingerprint.ts'
import { staleSchemaTypes } from '../dev/schema-types.ts'

const root = join(import.meta.dirname, '..')

type Check = [name: string, problems: Promise<string[]> | string[]]

/** The program's complaints; empty when it is content. */
function complaintsOf(program: string, words: string[]): Promise<string[]> {
  return new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules', '.bin', program), words, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => void (said += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => void (said += chunk.toString()))
    child.once('error', (error) => resolve([String(error)]))
    child.once('close', (code) => resolve(code === 0 ? [] : [said.trim() || `${program} ended with ${code}`]))
  })
}

function checks(): Check[] {
  const sources = readSources(root)
  const stale = staleSchemaTypes(root)
  return [
    ['types (tsc)', complaintsOf('tsc', ['-p', 'tsconfig.json', '--pretty', 'false'])],
    ['format (oxfmt); npm run format mends it', complaintsOf('oxfmt', ['--list-different', '.'])],
    ['lint (oxlint)', complaintsOf('oxlint', ['--deny-warnings', '--format', 'unix'])],
    ['architecture: who imports whom', architectureProblems(sources)],
    ['file sizes', sizeProblems(sources)],
    ['nothing is named that belongs to one machine', namedProblems(sources, root)],
    ['SQL never asks for the time', sqlClockProblems(sources)],
    [
      'documents name only what exists',
      documentProblems(
        sources,
        filesIn(root, notOurs).map((file) => relative(root, file)),
      ),
    ],
    ['the lockfile installs on every platform', lockfileProblems(sources)],
    ['database types fit the migrations', stale ? [stale] : []],
  ]
}

/** Runs every check and prints each with what to do about it. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  const startedAt = performance.now()
  const found = await Promise.all(
    checks().map(async ([name, problems]) => ({ name, problems: await problems })),
  )
  for (const { name, problems } of found) {
    console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'}  ${name}`)
    for (const problem of problems) console.log(problem.replace(/^/gm, '        '))
  }
  const failed = found.filter(({ problems }) => problems.length > 0).length
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(
    failed === 0
      ? `\nAll ${found.length} checks pass (${seconds} s).`
      : `\n${failed} of ${found.length} checks fail.`,
  )
  return { passed: found.length - failed, failed }
}
