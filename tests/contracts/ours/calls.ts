// Every function of the server's integrations that calls a provider, at least once, with values from the
// journey.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Outside } from '../use/world.ts'
import { callAirtable } from './call-airtable.ts'
import { callCalcom } from './call-calcom.ts'
import { callDaily } from './call-daily.ts'
import { callStripe } from './call-stripe.ts'
import { callTwilio } from './call-twilio.ts'
import { type Ours, ourClients } from './clients.ts'

const acts = [callStripe, callTwilio, callCalcom, callDaily, callAirtable]
const folder = join(import.meta.dirname, '../../../server/integrations')
/** The functions that the others are built from. */
const partsOfOthers = [
  'asProviderError',
  'callAirtable',
  'callDaily',
  'knownIds',
  'makeOnce',
  'listAll',
  'requestJson',
  'unlessMissing',
]

/** Runs them all; returns the functions that call a provider and were not called. */
export async function callEverything(outside: Outside): Promise<string[]> {
  const at = async (ms: number) =>
    new Date(Date.parse((await outside.control('GET', '/clock')).body.now) + ms)
  const ours: Ours = { clients: ourClients(outside), outside, at }
  for (const act of acts) await act(ours)
  const called = acts.map((act) => act.toString()).join('\n')
  // An imported function is called as `name(` or, once transformed, as `(0, module.name)(`.
  const isCalled = (name: string) => new RegExp(String.raw`\b${name}\)?\(`).test(called)
  return (await callingFunctions()).filter((name) => !isCalled(name) && !partsOfOthers.includes(name))
}

/** The asynchronous functions of the providers' files. */
async function callingFunctions(): Promise<string[]> {
  const files = readdirSync(folder).filter(
    (file) => /^(stripe|twilio|calcom|daily|airtable).*\.ts$/.test(file) && !file.endsWith('.test.ts'),
  )
  const modules = await Promise.all(
    files.map((file) => import(join(folder, file)) as Promise<Record<string, unknown>>),
  )
  return modules.flatMap((module) =>
    Object.entries(module)
      .filter(([, value]) => typeof value === 'function' && value.constructor.name === 'AsyncFunction')
      .map(([name]) => name),
  )
}
