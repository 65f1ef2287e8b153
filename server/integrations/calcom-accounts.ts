// A Cal.com account: whose a key is, what its event type is like, and the webhook that tells us of changes.
import { z } from 'zod'
import { type CalAccount, callCalcom, type CalcomClient, ownerOf, parseCalcom } from './calcom.ts'

const meAnswer = z.object({ data: z.object({ username: z.string(), email: z.string() }) })

/** Whose key this is. Throws a ProviderError with status 401 where Cal.com does not know it. */
export async function fetchCalMe(calcom: CalcomClient): Promise<{ username: string; email: string }> {
  const answer = await callCalcom(calcom, 'none', 'GET', '/me')
  return parseCalcom(meAnswer, answer, false).data
}

const field = z.object({
  type: z.string(),
  slug: z.string().nullish(),
  label: z.string().nullish(),
  required: z.boolean().nullish(),
  isDefault: z.boolean().nullish(),
})
const eventTypes = z.object({
  data: z.array(
    z.object({
      id: z.int(),
      slug: z.string(),
      lengthInMinutes: z.number(),
      lengthInMinutesOptions: z.array(z.number()).nullish(),
      hidden: z.boolean().nullish(),
      bookingRequiresAuthentication: z.boolean().nullish(),
      locations: z.array(z.object({ type: z.string() })).nullish(),
      bookingFields: z.array(field).nullish(),
    }),
  ),
})

/** What matters of an event type for us. */
export type CalEventType = {
  id: number
  lengthInMinutes: number[]
  isHidden: boolean
  isForSignedIn: boolean
  offersLink: boolean
  /** What whoever books must answer besides name and e-mail address. */
  questions: string[]
}

/** What every booking of ours answers. A member's number is for no host to see. */
const answered = new Set(['name', 'email', 'location', 'title'])

/** Undefined where the account has none of this name, or the key may not see it. Not for a team's. */
export async function fetchCalEventTypeFacts(
  calcom: CalcomClient,
  account: CalAccount,
): Promise<CalEventType | undefined> {
  const { username = '', organizationSlug } = ownerOf(account)
  const query = new URLSearchParams({
    username,
    eventSlug: account.eventSlug,
    ...(organizationSlug ? { orgSlug: organizationSlug } : {}),
  })
  const answer = await callCalcom(calcom, 'eventTypes', 'GET', `/event-types?${query}`)
  const found = parseCalcom(eventTypes, answer, false).data.find(({ slug }) => slug === account.eventSlug)
  if (!found) return undefined
  return {
    id: found.id,
    lengthInMinutes: [found.lengthInMinutes, ...(found.lengthInMinutesOptions ?? [])],
    isHidden: found.hidden === true,
    isForSignedIn: found.bookingRequiresAuthentication === true,
    offersLink: (found.locations ?? []).some(({ type }) => type === 'link'),
    questions: (found.bookingFields ?? [])
      .filter(({ required, slug, type }) => required && !answered.has(slug || type) && !answered.has(type))
      .map(({ label, slug, type }) => label || slug || type),
  }
}

/** Of which changes Cal.com tells us. */
const calTriggers = [
  'BOOKING_CREATED',
  'BOOKING_REQUESTED',
  'BOOKING_RESCHEDULED',
  'BOOKING_CANCELLED',
  'BOOKING_REJECTED',
  'BOOKING_NO_SHOW_UPDATED',
  'MEETING_ENDED',
] as const

const webhook = z.object({ id: z.union([z.string(), z.number()]), subscriberUrl: z.string() })
const webhookAnswer = z.object({ data: webhook })
const webhookList = z.object({ data: z.array(webhook) })

/** Registers or renews our one webhook in the key's account. Answers its id. */
export async function ensureCalWebhook(
  calcom: CalcomClient,
  wanted: { subscriberUrl: string; secret: string },
): Promise<string> {
  const list = parseCalcom(webhookList, await callCalcom(calcom, 'none', 'GET', '/webhooks?take=250'), false)
  const known = list.data.find(({ subscriberUrl }) => subscriberUrl === wanted.subscriberUrl)
  const body = { ...wanted, active: true, triggers: calTriggers }
  const answer = known
    ? await callCalcom(calcom, 'none', 'PATCH', `/webhooks/${known.id}`, body)
    : await callCalcom(calcom, 'none', 'POST', '/webhooks', body)
  return String(parseCalcom(webhookAnswer, answer, true).data.id)
}

export async function deleteCalWebhook(calcom: CalcomClient, id: string): Promise<void> {
  await callCalcom(calcom, 'none', 'DELETE', `/webhooks/${encodeURIComponent(id)}`)
}
