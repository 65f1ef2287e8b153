// npm test: the checks, then every test. At the end: which files took longest, which could not start and why,
// and in the last line how many passed and failed, over everything that ran.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChecks } from '../checks/run.ts'
import { buildPages } from '../dev/pages.ts'
import { providerKeys } from '../dev/providers.ts'
import type { FileReport } from '../tests/harness/run-report.ts'

const root = join(import.meta.dirname, '..')
const slowestShown = 10

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
    '--reporter=tests/harness/run-report.ts',
  ]
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), ...words], {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...cleanEnvironment(),
        RUN_REPORT: reportFile,
        // The application is started about a hundred times: its modules are compiled once.
        NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node'),
      },
    })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void child.kill(signal))
    child.once('error', () => resolve(1))
    child.once('close', (code) => resolve(code ?? 1))
  })
}

function sumOf(files: FileReport[], valueOf: (file: FileReport) => number): number {
  return files.reduce((sum, file) => sum + valueOf(file), 0)
}

function printSlowest(files: FileReport[]): void {
  const total = sumOf(files, ({ seconds }) => seconds)
  console.log(`\nThe slowest of ${files.length} files, with their share of ${Math.round(total)} s:`)
  for (const { path, seconds } of files.toSorted((a, b) => b.seconds - a.seconds).slice(0, slowestShown)) {
    const share = ((seconds / total) * 100).toFixed(1)
    console.log(`  ${seconds.toFixed(0).padStart(5)} s  ${share.padStart(4)} %  ${path}`)
  }
}

function printBroken(files: FileReport[]): void {
  if (files.length === 0) return
  console.log('\nThese files could not be loaded, or their world did not start or end:')
  for (const { path, skipped, broken } of files) {
    console.log(`  ${path}${skipped > 0 ? ` (${skipped} tests were skipped for it)` : ''}`)
    console.log(broken!.replace(/^/gm, '      '))
  }
}

const checks = await runChecks()
// Once before all: test files that open pages must not build them beside each other.
await buildPages(root)
const folder = mkdtempSync(join(tmpdir(), 'presence-report-'))
const reportFile = join(folder, 'report.json')
const status = await runVitest(reportFile)
// Without a report nothing is known but that it went wrong.
const files = existsSync(reportFile) ? (JSON.parse(readFileSync(reportFile, 'utf8')) as FileReport[]) : []
rmSync(folder, { recursive: true, force: true })

const broken = files.filter((file) => file.broken !== undefined)
if (files.length > slowestShown) printSlowest(files)
printBroken(broken)

// A file whose beforeAll failed has no failed test in it, and is a failure all the same.
const failedTests = sumOf(files, ({ failed }) => failed) + broken.length
const failed = checks.failed + (failedTests === 0 && status !== 0 ? 1 : failedTests)
const passed = checks.passed + sumOf(files, (file) => file.passed)
const skipped = sumOf(files, (file) => file.skipped)
process.exitCode = failed > 0 ? status || 1 : status
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
