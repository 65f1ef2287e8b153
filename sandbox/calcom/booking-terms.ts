// What a request to book asks for, checked as Cal.com checks it.
import type { ProviderRequest, SandboxContext } from '../core/provider.ts'
import { namedEventType } from './account.ts'
import { instant, isRecord, jsonBody, optionalText, Refusal, text, timeZone, whole } from './answers.ts'
import type { BookingTerms } from './book.ts'

export const byKey = (request: ProviderRequest) => request.headers['authorization'] !== undefined

export function termsOf(request: ProviderRequest, ctx: SandboxContext): BookingTerms {
  const body = jsonBody(request)
  const startMs = instant(body['start'], 'start')
  const id = body['eventTypeId'] === undefined ? undefined : whole(body['eventTypeId'], 'eventTypeId')
  const slug = optionalText(body['eventTypeSlug'], 'eventTypeSlug')
  const teamSlug = optionalText(body['teamSlug'], 'teamSlug')
  const username = teamSlug ? `team/${teamSlug}` : optionalText(body['username'], 'username')
  if (id === undefined && !(slug && username)) {
    throw new Refusal(
      400,
      'Either eventTypeId or eventTypeSlug + username or eventTypeSlug + teamSlug must be provided',
    )
  }
  const { attendee } = body
  if (!isRecord(attendee)) throw new Refusal(400, 'attendee should not be null or undefined')
  const type = namedEventType(ctx, { id, slug, username })
  if (!type) {
    throw new Refusal(
      404,
      id === undefined
        ? `Event type with slug ${slug} belonging to user ${username} not found.`
        : `Event type with id ${id} not found.`,
    )
  }
  const lengthMinutes =
    body['lengthInMinutes'] === undefined
      ? type.lengthInMinutes
      : whole(body['lengthInMinutes'], 'lengthInMinutes')
  if (lengthMinutes !== type.lengthInMinutes && !type.lengthInMinutesOptions?.includes(lengthMinutes)) {
    throw new Refusal(
      400,
      `Can't specify 'lengthInMinutes' because event type does not have multiple possible lengths.`,
    )
  }
  const phoneNumber = optionalText(attendee['phoneNumber'], 'attendee.phoneNumber')
  const email = text(attendee['email'], 'attendee.email')
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) throw new Refusal(400, 'attendee.email must be an email')
  const responses = body['bookingFieldsResponses'] ?? {}
  if (!isRecord(responses)) throw new Refusal(400, 'bookingFieldsResponses must be an object')
  for (const { slug } of type.questions ?? [])
    if (!responses[slug]) throw new Refusal(400, `responses - {${slug}}error_required_field`)
  return {
    type,
    startMs,
    lengthMinutes,
    guests: guestsOf(body['guests']),
    metadata: metadataOf(body['metadata']),
    responses,
    attendee: {
      name: text(attendee['name'], 'attendee.name'),
      email,
      timeZone: timeZone(attendee['timeZone'], 'attendee.timeZone'),
      language: optionalText(attendee['language'], 'attendee.language') ?? 'en',
      ...(phoneNumber ? { phoneNumber } : {}),
    },
    location: placeOf(body['location'], type.locations) ?? optionalText(body['meetingUrl'], 'meetingUrl'),
    byKey: byKey(request),
  }
}

function guestsOf(value: unknown): string[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new Refusal(400, 'guests must be an array')
  return value.map((guest) => text(guest, 'guests'))
}

function metadataOf(value: unknown): Record<string, string> {
  if (value === undefined) return {}
  const rule =
    'Metadata must have at most 50 keys, each key up to 40 characters, and string values up to 500 characters.'
  if (!isRecord(value) || Object.keys(value).length > 50) throw new Refusal(400, rule)
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (name.length > 40 || typeof each !== 'string' || each.length > 500) throw new Refusal(400, rule)
      return [name, each]
    }),
  )
}

/** The address or text of a place; undefined for Cal.com's video. */
export function placeOf(value: unknown, ofEventType: Record<string, unknown>[]): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string') return value
  if (!isRecord(value)) throw new Refusal(400, 'location must be an object')
  switch (value['type']) {
    case 'integration':
      return undefined
    case 'link':
      if (typeof value['link'] === 'string') return text(value['link'], 'location.link')
      return String(ofEventType.find((place) => place['type'] === 'link')?.['link'] ?? '') || undefined
    case 'phone':
    case 'attendeePhone':
      return text(value['phone'], 'location.phone')
    case 'address':
    case 'attendeeAddress':
      return text(value['address'], 'location.address')
    case 'attendeeDefined':
      return text(value['location'], 'location.location')
    case 'organizersDefaultApp':
      return undefined
    default:
      throw new Refusal(400, `Unsupported location type ${String(value['type'])}`)
  }
}
