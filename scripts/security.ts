// npm run security: tries what an attacker tries first against a running Presence, and prints each line with
// its evidence. Exits 1 if something is open.
import { parseArgs } from 'node:util'
import { findWorld } from '../world/find-world.ts'
import { newMobileNumber } from '../world/person.ts'
import { attempts, NotTried, type Target } from './security/attempts.ts'

const usage = `npm run security                        the Presence that runs here, or one started for this
npm run security -- --url ADDRESS       another one, as a stranger
npm run security -- --operator NUMBER   with the sandbox: an operator suspends somebody too
npm run security -- --json              for machines

Only against a Presence of yours: it signs people in, and a flood of 200 requests is part of it.`

const values = readOptions()
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const say = (line: string) => values.json || console.log(line)
const world = values.url ? undefined : await findWorld((line) => say(`Security, ${line}.`))
const target: Target = {
  url: (values.url ?? world!.url).replace(/\/+$/, ''),
  world,
  operatorMobileNumber: values.operator,
  newNumber: newMobileNumber,
}

const lines: { name: string; state: 'held' | 'OPEN' | 'not tried'; evidence: string }[] = []
for (const [name, attempt] of attempts) {
  const line = await attempt(target).then(
    (evidence) => ({ name, state: 'held' as const, evidence }),
    (error: Error) => ({
      name,
      state: error instanceof NotTried ? ('not tried' as const) : ('OPEN' as const),
      evidence: error.message,
    }),
  )
  lines.push(line)
  say(`  ${line.state.padEnd(9)} ${line.name}\n            ${line.evidence}`)
}
await world?.close()
const open = lines.filter(({ state }) => state === 'OPEN').length
if (values.json) console.log(JSON.stringify({ passed: open === 0, lines }, null, 2))
else console.log(open === 0 ? '\nNothing is open.' : `\n${open} of ${lines.length} are open.`)
process.exit(open === 0 ? 0 : 1)

function readOptions() {
  try {
    return parseArgs({
      options: {
        url: { type: 'string' },
        operator: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exit(1)
  }
}
