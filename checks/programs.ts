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

export async function formatProblems(folder: string): Promise<string[]> {
  const { unformatted, unreadable } = await formatOf(folder)
  return [...unformatted.map((file) => `${file} is not formatted. Run "npm run format".`), ...unreadable]
}

/** The files in `folder` that the formatter would change, and its words about those it cannot read. */
export async function formatOf(folder: string): Promise<{ unformatted: string[]; unreadable: string[] }> {
  const words = ['--list-different', '--no-error-on-unmatched-pattern', '.']
  const { code, said } = await run('oxfmt', words, folder)
  if (code !== 1) return { unformatted: [], unreadable: code === 0 ? [] : [said] }
  return { unformatted: said.split('\n'), unreadable: [] }
}

const lintWords = ['--deny-warnings', '--no-error-on-unmatched-pattern', '--format', 'unix']

/** Circles of imports, those of types alone included, are found by the rule import/no-cycle. */
export async function lintProblems(folder: string, paths: string[] = []): Promise<string[]> {
  const { code, said } = await run('oxlint', [...lintWords, ...paths], folder)
  if (code === 0) return []
  return said.includes('no-cycle') ? [said, circleAdvice] : [said]
}

const promiseSettings = join(import.meta.dirname, 'promises.oxlintrc.json')

/**
 * Promises that nobody awaits or handles, and callbacks whose promise nobody sees. Needs the types, so it is
 * a run of its own; in server/ even `void` is no excuse.
 */
export async function promiseProblems(folder: string, paths = ['.']): Promise<string[]> {
  const words = ['--type-aware', '--format', 'unix', '--config', promiseSettings, ...paths]
  const { code, said } = await run('oxlint', words, folder)
  return code === 0 ? [] : [said]
}

const circleAdvice =
  'Files may not import each other in a circle, types included: move what both need into a third. ' +
  'Run "npx oxlint" to see each circle drawn.'

/** What knip reports about one file: kind of finding -> the names it found. */
type Findings = { file: string } & Partial<Record<Finding, { name: string; line?: number }[]>>
type Finding = keyof typeof deadCodeAdvice

const deadExportAdvice =
  'No other file imports it. Remove the word "export" ("npx knip --fix" does), or delete what nothing uses.'
const deadCodeAdvice = {
  files: 'Nothing imports it. Delete it, or name it in knip.json if it is started or served by its path.',
  exports: deadExportAdvice,
  types: deadExportAdvice,
  dependencies: 'Nothing imports it. Remove it with "npm uninstall".',
  devDependencies: 'Nothing imports it. Remove it with "npm uninstall".',
  unlisted: 'package.json does not list it. Add it with "npm install".',
  unresolved: 'This import leads nowhere. Correct its path.',
  binaries: 'No installed package has this program. Install one, or name it in knip.json.',
}

/** Dead files, exports and packages, and packages that package.json does not list, as knip.json has it. */
export async function deadCodeProblems(folder: string): Promise<string[]> {
  const { code, said } = await run('knip', ['--no-progress', '--cache', '--reporter', 'json'], folder)
  if (code === 0) return []
  if (code !== 1 || !said.startsWith('{')) return [said]
  const { issues } = JSON.parse(said) as { issues: Findings[] }
  const problems = issues.flatMap((found) =>
    (Object.keys(deadCodeAdvice) as Finding[]).flatMap((kind) =>
      (found[kind] ?? []).map(({ name, line }) => {
        const place = `${found.file}${line ? `:${line}` : ''}`
        return `${place === name ? name : `${place} ${name}`}: ${deadCodeAdvice[kind]}`
      }),
    ),
  )
  return problems.length > 0 ? problems : [said]
}

type Ended = { code: number | null; said: string }

/** Runs an installed program in `folder` and collects what it says. */
function run(program: string, words: string[], folder: string): Promise<Ended> {
  return new Promise((resolve) => {
    // oxlint looks for its type-aware half in the folder that it checks.
    const env = { ...process.env, OXLINT_TSGOLINT_PATH: join(programs, 'tsgolint') }
    const child = spawn(join(programs, program), words, {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => void (said += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => void (said += chunk.toString()))
    child.once('error', (error) => resolve({ code: 1, said: String(error) }))
    child.once('close', (code) => resolve({ code, said: said.trim() || `${program} ended with ${code}` }))
  })
}
