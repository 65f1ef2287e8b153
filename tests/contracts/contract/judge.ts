// Compares what the sandbox recorded, each call and delivery, with the specifications.
import type { JournalEntry } from '../../../sandbox/core/journal.ts'
import type { ProviderName } from '../../../sandbox/core/provider.ts'
import { openAirtableContract } from './airtable.ts'
import { openCalcomContract } from './calcom.ts'
import { type Call, type ContractOperation, parsed, type ProviderContract } from './contract.ts'
import { openDailyContract } from './daily.ts'
import { openStripeContract } from './stripe.ts'
import { openTwilioContract } from './twilio.ts'

/** The files have neither path nor object of these: the official packages read them, by their own types. */
const undescribed = new Set([
  'stripe account.retrieve',
  'stripe payment_method_domains.create',
  'stripe payment_method_domains.list',
  'twilio account.get',
  'twilio messaging.services.get',
  'twilio messaging.numbers.list',
  'twilio messaging.names.list',
  'daily domain.get',
])

export type Contracts = Record<ProviderName, ProviderContract>

export function openContracts(): Contracts {
  return {
    stripe: openStripeContract(),
    twilio: openTwilioContract(),
    calcom: openCalcomContract(),
    daily: openDailyContract(),
    airtable: openAirtableContract(),
  }
}

export type Verdict = {
  /** Operations of the sandbox that were called, as `stripe checkout.sessions.create`. */
  used: Set<string>
  /** Those for which the specification describes an answer to every call, right or wrong. */
  validated: Set<string>
  /**
   * Operations whose paths the specification files lack: their answers are checked, their requests are not.
   */
  beyond: Set<string>
  /** Types of webhooks that were sent, and those that a specification describes. */
  sent: Set<string>
  described: Set<string>
  /** The problems, each once. */
  problems: string[]
}

export type Judging = {
  /** The caller provokes refusals: refused requests and unknown paths are then no problem. */
  isProvoked?: (entry: JournalEntry) => boolean
}

export function judge(
  entries: JournalEntry[],
  contracts: Contracts,
  { isProvoked = () => false }: Judging = {},
): Verdict {
  const verdict: Verdict = {
    used: new Set(),
    validated: new Set(),
    beyond: new Set(),
    sent: new Set(),
    described: new Set(),
    problems: [],
  }
  const unknown = new Set<string>()
  const problems = new Set<string>()
  for (const entry of entries) {
    const name = `${entry.provider} ${entry.operation}`
    const say = (side: string, found: string[]) =>
      found.forEach((problem) => problems.add(`${name} ${side}: ${problem}`))
    if (entry.kind === 'delivery') {
      judgeDelivery(entry, contracts[entry.provider], verdict, say)
      continue
    }
    verdict.used.add(name)
    if (undescribed.has(name)) continue
    const call = callOf(entry)
    const operation = contracts[entry.provider].find(call.method, call.path)
    const isRefused = (entry.status ?? 0) >= 400
    if (!operation && !(isProvoked(entry) && isRefused)) {
      unknown.add(name)
      say('request', [`${call.method} ${call.path} is in no specification`])
      continue
    }
    if (operation && !operation.isInFile) verdict.beyond.add(name)
    if (operation && !(isRefused && isProvoked(entry)))
      say(
        'request',
        attempt(() => operation.checkRequest(call)),
      )
    if (entry.fault === 'malformed' || entry.status === undefined) continue
    const found = attempt(() => answerProblems(entry, contracts[entry.provider], operation, call))
    if (found) {
      say(String(entry.status), found)
    } else {
      unknown.add(name)
      say(String(entry.status), ['no such answer is documented'])
    }
  }
  for (const name of verdict.used) if (!unknown.has(name)) verdict.validated.add(name)
  verdict.problems = [...problems]
  return verdict
}

function judgeDelivery(
  entry: JournalEntry,
  contract: ProviderContract,
  verdict: Verdict,
  say: (side: string, found: string[]) => void,
): void {
  const type = `${entry.provider} ${entry.operation}`
  verdict.sent.add(type)
  if (entry.fault === 'tamper') return
  const found = attempt(() => contract.checkDelivery(entry))
  if (!found) return say('webhook', ['no specification describes it'])
  verdict.described.add(type)
  say('webhook', found)
}

export function callOf({ method, url, requestHeaders, requestBody }: JournalEntry): Call {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  // Airtable's official package ends some paths with a slash.
  return {
    method,
    path: pathname.replace(/(.)\/$/, '$1'),
    query: searchParams,
    headers: requestHeaders,
    body: requestBody,
  }
}

function answerProblems(
  entry: JournalEntry,
  contract: ProviderContract,
  operation: ContractOperation | undefined,
  call: Call,
): string[] | undefined {
  const status = entry.status ?? 0
  const body = parsed(entry.responseBody ?? '')
  return status >= 400 ? contract.checkError(status, body) : operation?.checkAnswer(status, body, call)
}

/** Input that cannot be parsed is a problem too. */
function attempt<Found extends string[] | undefined>(act: () => Found): Found | string[] {
  try {
    return act()
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}
