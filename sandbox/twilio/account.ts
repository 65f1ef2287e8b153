// The account itself, and its messaging service with the senders in it (api.twilio.com, messaging.twilio.com).
import type { Operation, SandboxContext } from '../core/provider.ts'
import { noSuchResource } from './error.ts'
import { senderNumber } from './numbers.ts'

/** The store keeps only what a test or the console has changed. */
type Standing = {
  status: 'active' | 'suspended' | 'closed'
  type: 'Full' | 'Trial'
  numbers: string[]
  names: string[]
  inboundUrl: string | null
}

function standing(ctx: SandboxContext): Standing {
  const asDelivered: Standing = {
    status: 'active',
    type: 'Full',
    numbers: [senderNumber],
    names: [],
    inboundUrl: `${ctx.appUrl}/functions/v1/twilio-inbound`,
  }
  return { ...asDelivered, ...ctx.store.get<Partial<Standing>>('twilio.standing', 'account') }
}

const service = '/v1/Services/:messagingSid'

/** Runs `act` for the one messaging service. */
const inService =
  (act: (ctx: SandboxContext, sid: string) => object): Operation['handle'] =>
  (request, ctx) => {
    const sid = request.params['messagingSid'] ?? ''
    return sid === ctx.keys['TWILIO_MESSAGING_SERVICE_SID']
      ? { status: 200, body: act(ctx, sid) }
      : noSuchResource(request.path.replace(/^\/v1/, ''))
  }

const page = (ctx: SandboxContext, path: string, key: string, items: object[]) => ({
  [key]: items,
  meta: {
    page: 0,
    page_size: 50,
    key,
    url: `${ctx.baseUrl}${path}`,
    first_page_url: `${ctx.baseUrl}${path}`,
    next_page_url: null,
    previous_page_url: null,
  },
})

export const accountOperations: Operation[] = [
  {
    name: 'account.get',
    method: 'GET',
    path: '/2010-04-01/Accounts/:accountFile{AC[0-9a-f]+\\.json}',
    handle: (request, ctx) => {
      const sid = ctx.keys['TWILIO_ACCOUNT_SID']
      const { status, type } = standing(ctx)
      return request.params['accountFile'] === `${sid}.json`
        ? { status: 200, body: { sid, friendly_name: 'Presence', status, type, owner_account_sid: sid } }
        : noSuchResource(request.path)
    },
  },
  {
    name: 'messaging.services.get',
    method: 'GET',
    path: service,
    handle: inService((ctx, sid) => ({
      sid,
      account_sid: ctx.keys['TWILIO_ACCOUNT_SID'],
      friendly_name: 'Presence',
      inbound_request_url: standing(ctx).inboundUrl,
      inbound_method: 'POST',
      use_inbound_webhook_on_number: false,
      smart_encoding: true,
    })),
  },
  {
    name: 'messaging.numbers.list',
    method: 'GET',
    path: `${service}/PhoneNumbers`,
    handle: inService((ctx, sid) =>
      page(
        ctx,
        `/v1/Services/${sid}/PhoneNumbers`,
        'phone_numbers',
        standing(ctx).numbers.map((number) => ({
          phone_number: number,
          service_sid: sid,
          capabilities: ['SMS'],
        })),
      ),
    ),
  },
  {
    name: 'messaging.names.list',
    method: 'GET',
    path: `${service}/AlphaSenders`,
    handle: inService((ctx, sid) =>
      page(
        ctx,
        `/v1/Services/${sid}/AlphaSenders`,
        'alpha_senders',
        standing(ctx).names.map((name) => ({ alpha_sender: name, service_sid: sid })),
      ),
    ),
  },
]
