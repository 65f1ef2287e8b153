// npm run journey: plays the member, the host and the outside world over HTTP, and prints the checklist with
// its evidence. `-- --json` prints it for machines. Exits 1 if a line fails.
import { type Line, LineFailed, openChecklist } from '../world/checklist.ts'
import { findWorld } from '../world/find-world.ts'
import type { Refused } from '../world/person.ts'
import { walkJourney } from '../world/walk.ts'

const isJson = process.argv.includes('--json')
const say = (line: string) => isJson || console.log(line)

let phase = ''
function print(line: Line): void {
  if (isJson) return
  if (line.phase !== phase) console.log(`\n${(phase = line.phase)}`)
  console.log(`  ${line.passed ? 'ok  ' : 'FAIL'} ${line.line}`)
  const facts = line.passed
    ? Object.entries(line.evidence).filter(([, value]) => !hasFunctions(value))
    : [['problem', line.problem]]
  for (const [name, value] of facts)
    console.log(`         ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
}

function hasFunctions(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((part) => typeof part === 'function')
  )
}

const found = await findWorld((line) => say(`The journey, ${line}.`))
const world = {
  ...found,
  onSetback: ({ sentence }: Refused) => void say(`  ...  "${sentence}" They try again.`),
}
const checklist = openChecklist(print)
const seconds = process.hrtime.bigint()
try {
  await walkJourney(world, checklist)
} catch (error) {
  if (!(error instanceof LineFailed))
    say(`\nThe journey stopped: ${error instanceof Error ? error.message : String(error)}`)
} finally {
  await world.close()
}
const failed = checklist.lines.filter((line) => !line.passed).length
const isWhole = failed === 0 && checklist.lines.length === 19
const took = Number(process.hrtime.bigint() - seconds) / 1e9
if (isJson) console.log(JSON.stringify({ passed: isWhole, lines: checklist.lines }, null, 2))
else
  console.log(
    `\n${checklist.lines.length - failed} of 19 lines passed in ${took.toFixed(1)} s${isWhole ? '' : ': the journey is not whole'}`,
  )
process.exit(isWhole ? 0 : 1)
