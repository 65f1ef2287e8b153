// Moves the clock forward, retrying while the application is down.
import { setTimeout as sleep } from 'node:timers/promises'
import { minuteMs } from '../server/lib/time.ts'
import type { World } from '../world/person.ts'

type Moved = { confirmed: boolean }

export async function goTo(world: World, target: { moment: Date } | { aheadMs: number }): Promise<void> {
  let move: object = 'moment' in target ? { to: target.moment.toISOString() } : { advanceMs: target.aheadMs }
  for (const until = Date.now() + minuteMs; Date.now() < until; await sleep(200)) {
    const answer = await fetch(`${world.sandboxUrl}/_sandbox/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(move),
    })
    if (!answer.ok) throw new Error(`the clock could not be moved: ${await answer.text()}`)
    if (((await answer.json()) as Moved).confirmed) return
    move = { advanceMs: 0 }
  }
  throw new Error('the application did not hear that the clock has moved')
}
