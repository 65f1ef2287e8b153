// The programs that check files. Each answers with its complaints about one folder.
import { spawn } from 'node:child_process'
import { join } from 'node:path'

const programs = join(import.meta.dirname, '..', 'node_modules', '.bin')

/**
 * The compiler keeps what it learned in node_modules/.cache (tsconfig.json), so that a second run checks only
 * what changed. Single-threaded it needs half the processor time, and the other checks run beside it.
 */
export async function typeProblems(folder: string): Promise<string[]> {
  const { code, said } = await run('tsc', ['-p', '.', '--pretty', 'false', '--singleThreaded'], folder)
  return code === 0 ? [] : [said]
}

export async function formatProblems(folder: string, paths = ['.']): Promise<string[]> {
  const { code, said } = await run('oxfmt', ['--list-different', ...paths], folder)
  if (code !== 1) return code === 0 ? [] : [said]
  return said.split('\n').map((file) => `${file} is not formatted. Run "npm run format".`)
}

/** Circles of imports, those of types alone included, are found by the rule import/no-cycle. */
export async function lintProblems(folder: string, paths: string[] = []): Promise<string[]> {
  const { code, said } = await run('oxlint', ['--deny-warnings', '--format', 'unix', ...paths], folder)
  if (code === 0) return []
  return said.includes('no-cycle') ? [said, circleAdvice] : [said]
}

const circleAdvice =
  'Files may not import each other in a circle, types included: move what both need into a third. ' +
  'Run "npx oxlint" to see each circle drawn.'

type Ended = { code: number | null; said: string }

/** Runs an installed program in `folder` and collects what it says. */
function run(program: string, words: string[], folder: string): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(join(programs, program), words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => void (said += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => void (said += chunk.toString()))
    child.once('error', (error) => resolve({ code: 1, said: String(error) }))
    child.once('close', (code) => resolve({ code, said: said.trim() || `${program} ended with ${code}` }))
  })
}
