// npm start: everything, on this machine, until Ctrl-C.
import { existsSync } from 'node:fs'
import { launch } from '../dev/launch.ts'

// The environment wins; .env fills the rest.
if (existsSync('.env')) process.loadEnvFile('.env')

const say = (line: string) => console.error(`  ${line}`)
const refuse = (error: Error) => {
  console.error(`\n${error.message}\n`)
  void finish(1)
}
let stoppingSince = 0
async function finish(status: number): Promise<void> {
  stoppingSince ||= Date.now()
  await presence.stop()
  process.exit(status)
}

// Registered before anything starts, so that an early Ctrl-C stops it as well.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // npm passes Ctrl-C on although the terminal has sent it already, so one key press arrives twice.
    if (stoppingSince && Date.now() - stoppingSince < 500) return
    if (stoppingSince) {
      console.error('  Stopping at once.')
      presence.force()
      process.exit(1)
    }
    say('Stopping.')
    void finish(0)
  })
}

const presence = launch(process.env, say, refuse, { hasSituations: process.env['SITUATIONS'] !== 'off' })
presence.started.catch(refuse)
