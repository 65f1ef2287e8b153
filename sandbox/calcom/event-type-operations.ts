// /v2/event-types.
import type { Operation, ProviderRequest, SandboxContext } from '../core/provider.ts'
import {
  accountNamed,
  accountOf,
  accounts,
  callerOf,
  eventType,
  eventTypes,
  isReachedBy,
  keepEventType,
  keyOwner,
  newEventType,
} from './account.ts'
import type { EventType } from './account.ts'
import { isRecord, jsonBody, Refusal, success, text, whole } from './answers.ts'
import { operation } from './operation.ts'

function answer(ctx: SandboxContext, one: EventType) {
  const owner = accountOf(ctx, one.ownerId)
  const { requiresConfirmation, lengthInMinutesOptions, locations, questions = [], ...shown } = one
  const field = (type: string, label: string) => ({
    type,
    label,
    placeholder: '',
    isDefault: true,
    slug: type,
    required: true,
  })
  return {
    ...shown,
    ...(lengthInMinutesOptions ? { lengthInMinutesOptions } : {}),
    ...(requiresConfirmation ? { confirmationPolicy: { type: 'always', blockUnavailable: false } } : {}),
    locations,
    bookingFields: [
      field('name', 'your_name'),
      field('email', 'email_address'),
      ...questions.map(({ slug, label }) => ({ ...field('text', label), slug, isDefault: false })),
    ],
    recurrence: null,
    metadata: {},
    price: 0,
    currency: 'usd',
    lockTimeZoneToggleOnBookingPage: false,
    seatsPerTimeSlot: null,
    forwardParamsSuccessRedirect: null,
    successRedirectUrl: null,
    isInstantEvent: false,
    seatsShowAvailabilityCount: null,
    bookingRequiresAuthentication: false,
    users: owner ? [owner.username] : [],
    bookingUrl: `https://cal.com/${owner?.username}/${one.slug}`,
  }
}

/** What the body sets; `title`, `slug` and length are checked by the caller where they are required. */
function fields(body: Record<string, unknown>): Partial<EventType> {
  const set: Partial<EventType> = {}
  for (const name of ['title', 'slug', 'description'] as const) {
    if (body[name] !== undefined)
      set[name] = name === 'description' ? String(body[name]) : text(body[name], name)
  }
  for (const name of [
    'lengthInMinutes',
    'minimumBookingNotice',
    'beforeEventBuffer',
    'afterEventBuffer',
  ] as const) {
    if (body[name] === undefined) continue
    set[name] = whole(body[name], name)
    if (set[name] < (name === 'lengthInMinutes' ? 1 : 0))
      throw new Refusal(400, `${name} must not be less than ${name === 'lengthInMinutes' ? 1 : 0}`)
  }
  for (const name of ['slotInterval', 'scheduleId'] as const) {
    if (body[name] !== undefined) set[name] = body[name] === null ? null : whole(body[name], name)
  }
  for (const name of ['hidden', 'disableGuests'] as const) {
    if (body[name] !== undefined) set[name] = body[name] === true
  }
  const { lengthInMinutesOptions: options, locations, confirmationPolicy: policy } = body
  if (Array.isArray(options))
    set.lengthInMinutesOptions = options.map((each) => whole(each, 'lengthInMinutesOptions'))
  if (Array.isArray(locations)) set.locations = locations.filter(isRecord)
  if (isRecord(policy)) set.requiresConfirmation = policy['disabled'] !== true
  return set
}

function checkSlug(ctx: SandboxContext, ownerId: number, slug: string | undefined, id?: number) {
  const isTaken = eventTypes(ctx).some((one) => one.ownerId === ownerId && one.slug === slug && one.id !== id)
  if (isTaken) throw new Refusal(400, 'User already has an event type with this slug.')
}

function known(request: ProviderRequest, ctx: SandboxContext): EventType {
  const id = Number(request.params['eventTypeId'])
  const one = eventType(ctx, id)
  if (!one || !isReachedBy(ctx, callerOf(ctx, request.headers['authorization']), one.ownerId))
    throw new Refusal(404, `Event type with id ${request.params['eventTypeId']} not found`)
  return one
}

export const eventTypeOperations: Operation[] = [
  operation({
    name: 'event-types.create',
    method: 'POST',
    path: '/v2/event-types',
    handle: (request, ctx) => {
      const set = fields(jsonBody(request))
      whole(set.lengthInMinutes, 'lengthInMinutes')
      text(set.title, 'title')
      text(set.slug, 'slug')
      const owner = callerOf(ctx, request.headers['authorization']) ?? keyOwner(ctx)
      checkSlug(ctx, owner.id, set.slug)
      const one = newEventType(ctx, owner.id, set)
      keepEventType(ctx, one)
      return success(answer(ctx, one), 201)
    },
  }),
  operation({
    name: 'event-types.list',
    method: 'GET',
    path: '/v2/event-types',
    open: true,
    handle: (request, ctx) => {
      const username = request.query.get('username')
      const slug = request.query.get('eventSlug')
      if (slug && !username) throw new Refusal(400, 'username must be provided along with eventSlug')
      const caller = callerOf(ctx, request.headers['authorization'])
      const owner = username ? accountNamed(ctx, username) : caller
      const isOwn = owner !== undefined && isReachedBy(ctx, caller, owner.id)
      const found = eventTypes(ctx).filter(
        (one) => one.ownerId === owner?.id && (!slug || one.slug === slug) && (!one.hidden || isOwn),
      )
      return success(
        (request.query.get('sortCreatedAt') === 'desc' ? found.reverse() : found).map((one) =>
          answer(ctx, one),
        ),
      )
    },
    older: (_request, ctx) =>
      success({
        eventTypeGroups: accounts(ctx).map((owner) => ({
          teamId: null,
          bookerUrl: 'https://cal.com',
          profile: { slug: owner.username, name: owner.name, image: '' },
          eventTypes: eventTypes(ctx)
            .filter((one) => one.ownerId === owner.id)
            .map(({ id, title, slug, lengthInMinutes }) => ({ id, title, slug, length: lengthInMinutes })),
        })),
        profiles: [],
      }),
  }),
  operation({
    name: 'event-types.get',
    method: 'GET',
    path: '/v2/event-types/:eventTypeId',
    handle: (request, ctx) => success(answer(ctx, known(request, ctx))),
    older: (request, ctx) => {
      const { id, title, slug, description, lengthInMinutes, ownerId } = known(request, ctx)
      return success({
        eventType: { id, title, slug, description, length: lengthInMinutes, userId: ownerId },
      })
    },
  }),
  operation({
    name: 'event-types.update',
    method: 'PATCH',
    path: '/v2/event-types/:eventTypeId',
    handle: (request, ctx) => {
      const before = known(request, ctx)
      const one = { ...before, ...fields(jsonBody(request)) }
      checkSlug(ctx, one.ownerId, one.slug, one.id)
      keepEventType(ctx, one)
      return success(answer(ctx, one))
    },
  }),
  operation({
    name: 'event-types.delete',
    method: 'DELETE',
    path: '/v2/event-types/:eventTypeId',
    handle: (request, ctx) => {
      const { id, lengthInMinutes, title, slug } = known(request, ctx)
      ctx.store.delete('calcom.event-type', String(id))
      return success({ id, lengthInMinutes, title, slug })
    },
  }),
]
