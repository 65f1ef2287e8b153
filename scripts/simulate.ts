// npm run simulate: plays journeys drawn from a seed all at once, among faults of every service and mishaps
// of the machine, on an instance of its own; then checks the invariants. Exits 1 where one does not hold.
import { parseArgs } from 'node:util'
import type { History } from '../simulation/history.ts'
import type { Verdict } from '../simulation/invariant.ts'
import { allInvariants } from '../simulation/invariants.ts'
import { simulate } from '../simulation/simulation.ts'
import { ownWorld } from '../world/find-world.ts'

const usage = `npm run simulate                              20 journeys from a seed that is drawn and said
npm run simulate -- --seed N --journeys N     the same choices and faults again
npm run simulate -- --processes N             so many processes of the application; one to three by the seed
npm run simulate -- --without-faults          nothing goes wrong; --without-kills: no process dies or is paused
npm run simulate -- --kill-database 0.3       the database is killed at three in ten turns
npm run simulate -- --json                    for machines`

const values = readOptions()
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const isJson = values.json
const seed =
  values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : wholeNumber('seed', values.seed)
const journeys = wholeNumber('journeys', values.journeys)
const say = (line: string) => void (isJson || console.log(`  ...  ${line}`))

const complaints: string[] = []
const startedAt = performance.now()
if (!isJson) console.log(`${journeys} journeys from seed ${seed}, with a Presence of their own`)
const processes =
  values.processes === undefined ? 1 + (seed % 3) : wholeNumber('processes', values.processes) || 1
const world = await ownWorld(say, (line) => complaints.push(line), processes)
let isStopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (isStopping) process.exit(1)
    isStopping = true
    void world.close().finally(() => process.exit(1))
  })
}
let verdicts: Verdict[] = []
try {
  const hasFaults = !values['without-faults']
  const aftermath = await simulate(world, {
    seed,
    journeys,
    hasFaults,
    hasKills: hasFaults && !values['without-kills'],
    killDatabase: probability('kill-database', values['kill-database']),
    say,
  })
  verdicts = await allInvariants(aftermath)
  await aftermath.close()
  const { history } = aftermath
  const faults = Object.fromEntries([...history.faults].sort())
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  if (isJson)
    console.log(
      JSON.stringify(
        {
          seed,
          journeys,
          seconds,
          turns: history.turns,
          processes,
          mishaps: Object.fromEntries([...history.mishaps].sort()),
          setbacks: history.setbacks,
          faults,
          plans: aftermath.plans,
          verdicts,
          complaints,
        },
        null,
        2,
      ),
    )
  else report({ faults, seconds, history })
} finally {
  await world.close()
}
process.exit(verdicts.every(({ problems }) => problems.length === 0) ? 0 : 1)

function report({
  faults,
  seconds,
  history: { turns, mishaps, setbacks },
}: {
  faults: Record<string, number>
  seconds: number
  history: History
}): void {
  console.log()
  for (const { name, evidence, problems } of verdicts) {
    console.log(`  ${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name} (${evidence})`)
    for (const problem of problems) console.log(`         ! ${problem}`)
  }
  const struck = Object.values(faults).reduce((sum, times) => sum + times, 0)
  console.log(
    `\n  ${struck} faults: ${
      Object.entries(faults)
        .map(([name, times]) => `${name} ${times}`)
        .join(', ') || 'none'
    }`,
  )
  const befell = [...mishaps].sort().map(([name, times]) => `${name.replaceAll('_', ' ')} ${times}`)
  console.log(`  ${processes} processes; ${befell.join(', ') || 'no mishap'}`)
  console.log(`  ${turns} turns, ${setbacks} times somebody had to try again, ${seconds} s`)
  const failed = verdicts.filter(({ problems }) => problems.length > 0).length
  console.log(
    `  seed ${seed}: ${verdicts.length - failed} of ${verdicts.length} hold${failed === 0 ? '' : `. Again: npm run simulate -- --seed ${seed} --journeys ${journeys}`}`,
  )
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        seed: { type: 'string' },
        journeys: { type: 'string', default: '20' },
        processes: { type: 'string' },
        json: { type: 'boolean', default: false },
        'without-faults': { type: 'boolean', default: false },
        'kill-database': { type: 'string' },
        'without-kills': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exit(1)
  }
}

function probability(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (number >= 0 && number <= 1) return number
  console.error(`--${name} is "${text}", and it must be a number from 0 to 1.\n\n${usage}`)
  process.exit(1)
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 0) return number
  console.error(`--${name} is "${text}", and it must be a whole number.\n\n${usage}`)
  process.exit(1)
}
