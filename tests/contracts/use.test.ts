import { test } from 'vitest'
import { judge, openContracts } from './contract/judge.ts'
import { providers } from '../../sandbox/core/providers.ts'
import { useAirtable } from './use/airtable.ts'
import { useCalcom } from './use/calcom.ts'
import { useDaily } from './use/daily.ts'
import { useStripe } from './use/stripe.ts'
import { useTwilio } from './use/twilio.ts'
import { startOutside } from './use/world.ts'

test('use', async () => {
  const outside = await startOutside()
  for (const [name, use] of Object.entries({ stripe: useStripe, twilio: useTwilio, calcom: useCalcom, daily: useDaily, airtable: useAirtable })) {
    try { await use(outside) } catch (error) { console.log(name, error) }
  }
  await outside.sandbox.settled()
  const entries = await outside.journal()
  await outside.close()
  const { writeFileSync } = await import('node:fs')
  writeFileSync('/tmp/journal-use.json', JSON.stringify(entries))
  const verdict = judge(entries, openContracts(), { isProvoked: () => true })
  console.log(verdict.problems.join('\n'))
  console.log(verdict.used.size, verdict.validated.size, verdict.beyond, verdict.sent.size, verdict.described.size)
  const all = providers.flatMap((p) => p.operations.map((o) => `${p.name} ${o.name}`))
  console.log('not used:', [...new Set(all)].filter((o) => !verdict.used.has(o)))
  console.log(entries.length, entries[0]?.id, Math.max(...entries.map(e => Math.max(e.requestBody.length, e.responseBody?.length ?? 0))))
}, 200_000)
