import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './tests/harness/longest-first.ts'

// Two share two cores well. A third made browsers and databases wait for each other beyond what tests allow.
const maxWorkers = Math.min(4, Math.max(2, availableParallelism()))
const wholeInstances = [
  'tests/start/**',
  'tests/journey/**',
  'tests/faults/**',
  'tests/browser/**',
  'tests/http/**',
]
const shared = {
  environment: 'node',
  setupFiles: ['tests/harness/setup.ts'],
  restoreMocks: true,
  // Tests wait for facts: how fast they come says something about the machine only.
  expect: { poll: { timeout: 45_000 } },
  hookTimeout: 120_000,
  // One queue for all projects: a core is never idle while another project still runs.
  maxWorkers,
  sequence: { groupOrder: 0 },
}

export default defineConfig({
  test: {
    maxWorkers,
    globalSetup: ['tests/harness/global-setup.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...shared,
          name: 'parts',
          include: [
            '{server,src,sandbox,world,dev,scripts,simulation,bench,checks,tests}/**/*.test.{ts,tsx}',
          ],
          exclude: ['**/node_modules/**', 'tests/contracts/**', ...wholeInstances],
          testTimeout: 180_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'contracts',
          include: ['tests/contracts/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'whole',
          include: wholeInstances.map((folder) => `${folder}/*.test.ts`),
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
