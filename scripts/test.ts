// npm test: the checks, then every test. The last line says how many passed
// and failed, over everything that ran.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChecks } from '../checks/run.ts'
import { buildPages } from '../dev/pages.ts'
import { providerKeys } from '../dev/providers.ts'

type Totals = { passed: number; failed: number; skipped: number }
type Report = {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

const root = join(import.meta.dirname, '..')

/** What a person has set for their own Presence must not reach the tests. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env }
  const own = [
    'NODE_ENV',
    'PORT',
    'SANDBOX_PORT',
    'DATABASE_URL',
    'DATA_DIR',
    'PUBLIC_URL',
    'ROLE',
    'AUTH_SECRET',
    'CLOCK',
    'CLOCK_KEY',
    'VIDEO',
  ]
  for (const name of [...own, ...Object.values(providerKeys).flat()]) delete environment[name]
  return environment
}

function runVitest(reportFile: string): Promise<number> {
  const words = [
    'run',
    ...process.argv.slice(2),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
  ]
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), ...words], {
      cwd: root,
      stdio: 'inherit',
      env: cleanEnvironment(),
    })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void child.kill(signal))
    child.once('error', () => resolve(1))
    child.once('close', (code) => resolve(code ?? 1))
  })
}

function totalsOf(reportFile: string, status: number): Totals {
  // Without a report nothing is known but that it went wrong.
  if (!existsSync(reportFile)) return { passed: 0, failed: 1, skipped: 0 }
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report
  // A file that could not even be loaded has no failed test in it, and is a failure all the same.
  const brokenFiles = report.testResults.filter(
    ({ status: outcome, assertionResults }) =>
      outcome === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length
  const failed = report.numFailedTests + brokenFiles
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

const checks = await runChecks()
// Once before all: test files that open pages must not build them beside each other.
await buildPages(root)
const folder = mkdtempSync(join(tmpdir(), 'presence-report-'))
const reportFile = join(folder, 'report.json')
const status = await runVitest(reportFile)
const tests = totalsOf(reportFile, status)
rmSync(folder, { recursive: true, force: true })

const failed = checks.failed + tests.failed
process.exitCode = failed > 0 ? 1 : status
console.log(
  `${checks.passed + tests.passed} passed, ${failed} failed${tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''}`,
)
