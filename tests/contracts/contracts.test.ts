import { beforeAll, expect, test } from 'vitest'
import { openChecklist } from '../../scripts/world/checklist.ts'
import { walkJourney } from '../../scripts/world/walk.ts'
import type { JournalEntry } from '../../sandbox/core/journal.ts'
import { startPresence, type Presence } from '../harness/presence.ts'
import { judge, openContracts } from './contract/judge.ts'

test('journey', async () => {
  const presence = await startPresence()
  const world = { url: presence.url, sandboxUrl: presence.sandboxUrl, keys: presence.keys }
  try { await walkJourney(world, openChecklist(() => {})) } catch (error) { console.log(String(error), String((error as Error).cause)) }
  const { entries } = await (await fetch(`${presence.sandboxUrl}/_sandbox/journal`)).json() as { entries: JournalEntry[] }
  await presence.stop()
  const { writeFileSync } = await import('node:fs')
  writeFileSync('/tmp/journal.json', JSON.stringify(entries))
  const verdict = judge(entries, openContracts())
  console.log(verdict, entries.length, Math.max(...entries.map(e => Math.max(e.requestBody.length, e.responseBody?.length ?? 0))))
}, 200_000)
