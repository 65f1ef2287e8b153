// The result of a whole run, written to the file in RUN_REPORT; scripts/test.ts prints it.
import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

export type FileReport = {
  path: string
  seconds: number
  passed: number
  failed: number
  skipped: number
  /** Why the file could not be loaded, or why a beforeAll or afterAll of it failed. */
  broken?: string
}

export default class RunReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = process.env['RUN_REPORT']
    if (file) writeFileSync(file, JSON.stringify(modules.map(reportOf)))
  }
}

function reportOf(module: TestModule): FileReport {
  const { collectDuration, setupDuration, duration } = module.diagnostic()
  const states = [...module.children.allTests()].map((test) => test.result().state)
  const count = (wanted: string) => states.filter((state) => state === wanted).length
  const errors = [module, ...module.children.allSuites()].flatMap((part) => part.errors())
  return {
    path: module.relativeModuleId,
    seconds: (collectDuration + setupDuration + duration) / 1000,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    ...(errors[0] && { broken: reasonOf(errors[0]) }),
  }
}

const maxLines = 8

/** The first line says what failed. The last ones say why, where the output of a program follows. */
function reasonOf({ message, stack }: SerializedError): string {
  const lines = (message || stack || 'no reason was given').trim().split('\n')
  return lines.length > maxLines
    ? [lines[0], '...', ...lines.slice(2 - maxLines)].join('\n')
    : lines.join('\n')
}
