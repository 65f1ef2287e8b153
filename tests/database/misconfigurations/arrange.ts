// What can be wrong at the sandbox, for the tables of misconfigurations beside.
import type { NewFault } from '../../../sandbox/core/faults.ts'
import type { Config } from '../../../server/config.ts'
import type { ConnectionProvider } from '../../../server/journey/connections/connection.ts'
import { newId } from '../../../server/lib/ids.ts'
import { addDays, now } from '../../../server/lib/time.ts'
import { injectFault } from '../../faults/sandbox.ts'
import { newMember, type Verbs } from '../../people/verbs.ts'

let verbs: Verbs

/** Called once by the test, before the tables are used. */
export function arrangeAt(opened: Verbs): void {
  verbs = opened
}

export const store = () => verbs.presence.sandbox.ctx.store
export const keys = () => verbs.presence.keys
/** A fault with a code or sentence of the service's own. */
export const fault = (one: NewFault) => () => injectFault(verbs.presence, one)

/** Changes a document of the sandbox until the test ends. */
export function put<Doc extends object>(
  kind: string,
  id: string,
  change: Partial<Doc> | undefined,
): () => void {
  const before = store().get<Doc>(kind, id)
  if (change === undefined) store().delete(kind, id)
  else store().put(kind, id, { ...before, ...change })
  return () => (before === undefined ? store().delete(kind, id) : store().put(kind, id, before))
}

type Endpoint = { id: string; url: string; application: string | null }
export const endpoint = (isConnect: boolean) =>
  store()
    .list<Endpoint>('stripe.webhook_endpoint')
    .find(({ application }) => (application !== null) === isConnect)!.id
export const domain = () => store().list<{ id: string }>('stripe.payment_method_domain')[0]!.id
export const dailyHook = () => store().list<{ uuid: string }>('daily.webhook')[0]!.uuid
export const eventType = () => {
  const owner = store().get<{ id: number }>('calcom.account', 'amelia-hart')!.id
  return String(
    store()
      .list<{ id: number; ownerId: number }>('calcom.event-type')
      .find(({ ownerId }) => ownerId === owner)!.id,
  )
}
export const refuse =
  (provider: NewFault['provider'], operation: string, status: number, code?: string) => () =>
    injectFault(verbs.presence, {
      provider,
      operation,
      kind: 'error_before',
      status,
      ...(code ? { code } : {}),
    })

export type Case = {
  provider: ConnectionProvider
  /** Of a line that fails; `notice` is the finding of one that need not. */
  cause?: string
  notice?: RegExp
  /** What the line must tell somebody to do. */
  mend: RegExp
  config?: (config: Config) => Partial<Config>
  /** The same without the clients, which go on asking the sandbox. */
  shown?: (config: Config) => Partial<Config>
  /** Changes the sandbox; what it answers undoes that. */
  arrange?: () => unknown
}

/** A purchase was paid a day ago, and no webhook of Stripe has come. */
export async function paidInSilence() {
  const member = await newMember(verbs.db)
  const host = await verbs.db.selectFrom('hosts').select('id').executeTakeFirstOrThrow()
  const id = newId()
  await verbs.db
    .insertInto('purchases')
    .values({
      id,
      memberId: member.id,
      hostId: host.id,
      plan: 'Adhoc',
      terms: '{}',
      amountCents: 1800,
      currency: 'AUD',
      status: 'paid',
      createdAt: addDays(now(), -1),
      paidAt: addDays(now(), -1),
      checkoutId: 'cs_1',
      chargeId: 'ch_1',
      paymentIntentId: 'pi_1',
    })
    .execute()
  return async () => verbs.db.deleteFrom('purchases').where('id', '=', id).execute()
}
