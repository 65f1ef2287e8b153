// npm run check: everything that can be known in seconds and without a database.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { architectureProblems } from './checks/architecture.ts'
import { documentProblems } from './checks/documents.ts'
import { namedProblems, sizeProblems, sqlClockProblems } from './checks/rules.ts'
import { readSources } from './checks/sources.ts'
import { filesIn } from './local/fingerprint.ts'
import { staleSchemaTypes } from './local/schema-types.ts'

const root = join(import.meta.dirname, '..')

/** The program's complaints; empty when it is content. */
function complaintsOf(program: string, words: string[]): Promise<string[]> {
  return new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules', '.bin', program), words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => void (said += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => void (said += chunk.toString()))
    child.once('error', (error) => resolve([String(error)]))
    child.once('close', (code) => resolve(code === 0 ? [] : [said.trim() || `${program} ended with ${code}`]))
  })
}

const sources = readSources(root)
const allPaths = [...sources.map(({ path }) => path), ...filesIn(join(root, 'docs')).map((file) => file.slice(root.length + 1))]
const stale = staleSchemaTypes(root)

const checks: [string, Promise<string[]> | string[]][] = [
  ['types (tsc)', complaintsOf('tsc', ['-p', 'tsconfig.json', '--pretty', 'false'])],
  ['lint (oxlint)', complaintsOf('oxlint', ['--deny-warnings', '--format', 'unix'])],
  ['architecture: who imports whom', architectureProblems(sources)],
  ['file sizes', sizeProblems(sources)],
  ['nothing is named that belongs to one machine', namedProblems(sources, root)],
  ['SQL never asks for the time', sqlClockProblems(sources)],
  ['documents name only what exists', documentProblems(sources, allPaths)],
  ['database types fit the migrations', stale ? [stale] : []],
]

let failed = 0
for (const [name, found] of checks) {
  const problems = await found
  if (problems.length > 0) failed++
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'}  ${name}`)
  for (const problem of problems) console.log(problem.replace(/^/gm, '        '))
}
console.log(failed === 0 ? `\nAll ${checks.length} checks pass (${(performance.now() / 1000).toFixed(1)} s).` : `\n${failed} of ${checks.length} checks fail.`)
process.exitCode = failed === 0 ? 0 : 1
