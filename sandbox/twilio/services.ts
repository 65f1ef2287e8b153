// Verify services: the one made at first start, and more if somebody makes them.
import type { Operation, ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { noSuchResource, twilioError } from './error.ts'
import { newSid } from './message.ts'
import { serviceResource } from './verification.ts'
import type { VerifyService } from './verification.ts'

const pageSizes = { default: 50, max: 1000 }

export function seedService(ctx: SandboxContext): void {
  const sid = ctx.keys['TWILIO_VERIFY_SERVICE_SID']!
  if (ctx.store.get('twilio.service', sid)) return
  const service: VerifyService = { sid, friendlyName: 'Presence', codeLength: 6, createdAt: ctx.clock.now() }
  ctx.store.put('twilio.service', sid, service)
}

function create(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const form = new URLSearchParams(request.body)
  const friendlyName = form.get('FriendlyName')
  const codeLength = Number(form.get('CodeLength') ?? 6)
  if (!friendlyName || friendlyName.length > 30)
    return twilioError(400, 60200, 'Invalid parameter `FriendlyName`')
  if (!(codeLength >= 4 && codeLength <= 10)) return twilioError(400, 60200, 'Invalid parameter `CodeLength`')
  const service: VerifyService = { sid: newSid('VA'), friendlyName, codeLength, createdAt: ctx.clock.now() }
  ctx.store.put('twilio.service', service.sid, service)
  return { status: 201, body: serviceResource(ctx, service) }
}

function list(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const pageSize = Math.min(Number(request.query.get('PageSize') ?? pageSizes.default), pageSizes.max)
  const page = Number(request.query.get('Page') ?? 0)
  const services = ctx.store.list<VerifyService>('twilio.service')
  const urlOf = (number: number) => `${ctx.baseUrl}/v2/Services?PageSize=${pageSize}&Page=${number}`
  const shown = services.slice(page * pageSize, (page + 1) * pageSize)
  const hasMore = (page + 1) * pageSize < services.length
  return {
    status: 200,
    body: {
      services: shown.map((service) => serviceResource(ctx, service)),
      meta: {
        page,
        page_size: pageSize,
        key: 'services',
        url: urlOf(page),
        first_page_url: urlOf(0),
        next_page_url: hasMore ? urlOf(page + 1) : null,
        previous_page_url: page > 0 ? urlOf(page - 1) : null,
      },
    },
  }
}

function fetchOne(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const service = ctx.store.get<VerifyService>('twilio.service', request.params['serviceSid']!)
  return service
    ? { status: 200, body: serviceResource(ctx, service) }
    : noSuchResource(request.path.replace(/^\/v2/, ''))
}

export const serviceOperations: Operation[] = [
  { name: 'services.create', method: 'POST', path: '/v2/Services', handle: create },
  { name: 'services.list', method: 'GET', path: '/v2/Services', handle: list },
  { name: 'services.get', method: 'GET', path: '/v2/Services/:serviceSid', handle: fetchOne },
]
