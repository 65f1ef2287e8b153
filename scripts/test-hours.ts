// npm run test:hours: the tests of whole instances at many times of the day, since midnight
// comes somewhere at every hour. Prints the hours at which something fails, with its name.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const words = process.argv.slice(2)
const times = words.filter((word) => /^\d\d:\d\d$/.test(word))
const files = words.filter((word) => !times.includes(word))
const everyHour = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:50`)

let failed = 0
for (const time of times.length > 0 ? times : everyHour) {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const chosen =
    files.length > 0 ? files : ['tests/journey', 'tests/faults/scheduling', 'tests/browser/scheduling']
  const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, 'run', ...chosen], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, TEST_TIME: time, NO_COLOR: '1' },
    maxBuffer: 1 << 28,
  })
  const failures = new Set(`${stdout}${stderr}`.split('\n').filter((line) => /^ *FAIL /.test(line)))
  console.log(`${time}  ${status === 0 ? 'passed' : `failed\n${[...failures].join('\n')}`}`)
  if (status !== 0) failed += 1
}
process.exitCode = failed > 0 ? 1 : 0
