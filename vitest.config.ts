import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Two cores are enough; more are used up to four, so that a database, a browser and the tests do not starve each other.
const workers = Math.min(4, Math.max(2, availableParallelism()))
// Whole instances mostly wait for each other's processes, so two of them share two cores well; browsers and whole starts do not.
const wholeInstances = ['tests/journey/**', 'tests/faults/**', 'tests/http/**']
const oneAtATime = ['tests/start/**', 'tests/browser/**']
const shared = {
  environment: 'node',
  globalSetup: ['tests/harness/global-setup.ts'],
  setupFiles: ['tests/harness/setup.ts'],
  restoreMocks: true,
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
          include: ['{server,src,sandbox,scripts,tests}/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', 'tests/contracts/**', ...wholeInstances, ...oneAtATime],
          testTimeout: 60_000,
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
          maxWorkers: 1,
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
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...shared,
          name: 'alone',
          include: oneAtATime.map((folder) => `${folder}/*.test.ts`),
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
