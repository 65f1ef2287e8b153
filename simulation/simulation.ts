// One simulation: plans journeys, plays them all at once among mishaps of every kind, and lets everything
// settle.
import type { Me } from '../server/journey/members/member-view.ts'
import type { HostDashboard } from '../server/journey/payouts/host-dashboard-view.ts'
import type { Operations } from '../server/journey/operations/operations-view.ts'
import { openDatabase, type Db } from '../server/db/client.ts'
import { addHours } from '../server/lib/time.ts'
import { clockNow, onboardAccount } from '../world/outside.ts'
import { Person, type World } from '../world/person.ts'
import { type History, newHistory } from './history.ts'
import { passAmongMishaps } from './hours.ts'
import { playJourney } from './journey.ts'
import { type Machine, openMachineTrouble } from './machine.ts'
import { type JourneyPlan, planJourneys } from './plan.ts'
import { randomOf } from './random.ts'
import { waitForRest, settle } from './settle.ts'
import { ask, consent, isRefusal, waitUntil, signIn, type SimulatedHost, type Stage } from './stage.ts'
import { goTo } from './time.ts'
import { openTrouble } from './trouble.ts'
import { openTurns } from './turns.ts'

export type SimulatedWorld = World & Machine & { databaseUrl: string; urls: string[] }
export type Simulation = {
  seed: number
  journeys: number
  hasKills: boolean
  hasFaults: boolean
  /** Probability, at each turn, that the database is killed; the usual one where it is undefined. */
  killDatabase?: number | undefined
  say: (line: string) => void
}
export type Aftermath = {
  world: World
  db: Db
  history: History
  plans: JourneyPlan[]
  unrest: string[]
  close: () => Promise<void>
}

const numbers = {
  operator: '+61491578888',
  hosts: [
    ['Amelia Hart', '+61491570006'],
    ['Kenji Watanabe', '+61491570156'],
    ['Ruby Tamihana', '+61491571804'],
  ],
} as const

export async function simulate(
  own: SimulatedWorld,
  { seed, journeys, hasKills, hasFaults, killDatabase, say }: Simulation,
): Promise<Aftermath> {
  const history = newHistory()
  const world = withEveryProcess(own, () => void (history.setbacks += 1))
  const plans = planJourneys(seed, journeys)
  const db = openDatabase(own.databaseUrl, 3)
  const random = randomOf(`${seed}:turns`)
  const trouble = openTrouble(own, seed, history)
  const machine = openMachineTrouble(own, seed, history, killDatabase)
  // With the services' rate limits a simulation would last for hours.
  await post(`${own.sandboxUrl}/_sandbox/limits`, { on: false })
  const turns = openTurns({
    random,
    now: () => clockNow(world),
    passTo: async (moment) => {
      await machine.isAwake()
      // Usually pending work is done before hours pass; sometimes a service has been away all that time.
      if (!random.chance(0.25)) await waitForRest(world, db, random.whole(1, 6) * 1_000)
      if (hasFaults) await passAmongMishaps({ world, db, history, random }, moment)
      await goTo(world, { moment })
    },
    onTurn: async (labels) => {
      history.turns += labels.length
      if (history.turns % 50 < labels.length) say(`${history.turns} turns`)
      if (hasFaults) await trouble.order(labels)
      if (hasKills) machine.order(labels)
    },
  })
  const stage: Stage = { world, history, turns, hosts: [], operator: new Person(world, numbers.operator) }
  await setUpHosts(stage)
  const recordFailure = (name: string, played: Promise<void>) =>
    played.catch((error: unknown) => void history.broken.push(`${name}: ${sentence(error)}`))
  const first = randomOf(`${seed}:numbers`).whole(10_000_000, 39_000_000)
  await turns.play([
    () => recordFailure(stage.hosts[2]!.fullName, onboardLater(stage, stage.hosts[2]!, random.whole(2, 60))),
    ...plans.map(
      (plan, index) => () => recordFailure(plan.name, playJourney(stage, plan, `+614${first + index}`)),
    ),
  ])
  say('everybody is done; nothing goes wrong any more')
  await trouble.end()
  await machine.isAwake()
  await waitForRest(world, db)
  await tryFailedPayoutsAgain(stage)
  const unrest = await settle(world, db, say)
  return { world, db, history, plans, unrest, close: () => db.destroy() }
}

/** What Stripe refused while it did not pay an account waits for an operator. */
async function tryFailedPayoutsAgain(stage: Stage): Promise<void> {
  const { tasks } = await ask<Operations>(stage, stage.operator, 'GET', '/api/ops')
  for (const { id } of tasks.filter(({ kind }) => kind === 'payout_failed'))
    await ask(stage, stage.operator, 'POST', `/api/ops/tasks/${id}/resolve`, {
      note: 'The account is in order again.',
    }).catch((error: unknown) => {
      if (!isRefusal(error, 'conflict')) throw error
    })
}

/** People reach one process after the other, as behind a proxy. */
function withEveryProcess(own: SimulatedWorld, onSetback: () => void): World {
  let next = 0
  const { sandboxUrl, keys } = own
  return {
    sandboxUrl,
    keys,
    onSetback,
    get url() {
      return own.urls[next++ % own.urls.length]!
    },
  }
}

/**
 * Three hosts: two at Cal.com who can be paid, and a third who is onboarded while members already meet her.
 */
async function setUpHosts(stage: Stage): Promise<void> {
  await signIn(stage, stage.operator)
  for (const [fullName, mobileNumber] of numbers.hosts) {
    const person = new Person(stage.world, mobileNumber)
    await signIn(stage, person)
    const { host } = await ask<Me>(stage, person, 'GET', '/api/me')
    stage.hosts.push({ person, id: host!.id, fullName })
  }
  await consent(stage, stage.hosts[2]!.person)
  await ask(stage, stage.hosts[2]!.person, 'PUT', '/api/host/hours', {
    timeZone: 'Pacific/Auckland',
    weekly: [{ days: [0, 1, 2, 3, 4, 5, 6], start: '00:00', end: '24:00' }],
    dateOverrides: [],
    minimumNoticeMinutes: 0,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    intervalMinutes: 10,
    horizonDays: 365,
    maximumPerDay: null,
  })
  for (const host of stage.hosts.slice(0, 2)) {
    await onboard(stage, host)
    await ask(stage, host.person, 'POST', '/api/host/onboarding/refresh')
  }
}

/**
 * The host does not return to our page, so only Stripe's webhook or polling can tell that she can be paid.
 */
async function onboardLater(stage: Stage, host: SimulatedHost, hours: number): Promise<void> {
  await stage.turns.take({
    label: `${host.fullName}: tells Stripe who she is`,
    at: addHours(await clockNow(stage.world), hours),
  })
  await onboard(stage, host)
  await waitUntil(
    stage,
    `${host.fullName}: can be paid`,
    async () => (await ask<HostDashboard>(stage, host.person, 'GET', '/api/host')).onboarding.canBePaid,
  )
}

async function onboard(stage: Stage, host: SimulatedHost): Promise<void> {
  await ask(stage, host.person, 'POST', '/api/host/onboarding')
  type Documents = { 'stripe.account'?: { id: string; metadata: Record<string, string> }[] }
  const { 'stripe.account': accounts = [] } = (await (
    await fetch(`${stage.world.sandboxUrl}/_sandbox/documents?limit=10000&prefix=stripe.account`)
  ).json()) as Documents
  const account = accounts.find((one) => one.metadata['presence_host_id'] === host.id)
  if (!account) throw new Error(`Stripe has no account of ${host.fullName}`)
  await onboardAccount(stage.world, account.id)
}

async function post(url: string, body: object): Promise<void> {
  await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message} (${sentence(error.cause)})`
}
