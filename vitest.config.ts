import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Two cores are enough; more are used up to four, so that a database, a browser and the tests do not starve
// each other.
const workers = Math.min(4, Math.max(2, availableParallelism()))
const wholeInstances = [
  'tests/start/**',
  'tests/journey/**',
  'tests/faults/**',
  'tests/browser/**',
  'tests/http/**',
]
const shared = {
  environment: 'node',
  globalSetup: ['tests/harness/global-setup.ts'],
  setupFiles: ['tests/harness/setup.ts'],
  restoreMocks: true,
  // What is waited for comes; how fast says something about the machine only.
  expect: { poll: { timeout: 45_000 } },
  hookTimeout: 120_000,
}

export default defineConfig({
  test: {
    maxWorkers: workers,
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
          maxWorkers: workers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'contracts',
          include: ['tests/contracts/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'whole',
          include: wholeInstances.map((folder) => `${folder}/*.test.ts`),
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // They mostly wait for each other's processes: two of them share two cores well.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
