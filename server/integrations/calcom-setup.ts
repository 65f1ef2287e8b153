// How Cal.com is set up: whose key it is, the webhooks, and what an event type asks of who books it.
import { z } from 'zod'
import { type CalAccount, callCalcom, type CalcomClient, parseCalcom } from './calcom.ts'

const meAnswer = z.object({ data: z.object({ id: z.int(), username: z.string().nullish() }) })

/** The account of the key: GET /v2/me. */
export async function fetchCalOwner(calcom: CalcomClient): Promise<{ id: number; username: string }> {
  const { data } = parseCalcom(meAnswer, await callCalcom(calcom, 'eventTypes', 'GET', '/me'), false)
  return { id: data.id, username: data.username ?? '' }
}

const webhooksAnswer = z.object({
  data: z.array(z.object({ subscriberUrl: z.string(), active: z.boolean(), triggers: z.array(z.string()) })),
})
export type CalWebhook = z.infer<typeof webhooksAnswer>['data'][number]

export async function listCalWebhooks(calcom: CalcomClient): Promise<CalWebhook[]> {
  return parseCalcom(webhooksAnswer, await callCalcom(calcom, 'eventTypes', 'GET', '/webhooks'), false).data
}

const typesAnswer = z.object({
  data: z.array(
    z.object({
      slug: z.string(),
      lengthInMinutes: z.number(),
      hidden: z.boolean().optional(),
      bookingFields: z
        .array(
          z.object({
            slug: z.string().optional(),
            type: z.string().optional(),
            required: z.boolean().optional(),
          }),
        )
        .optional(),
    }),
  ),
})
/** Fields that a booking of ours always answers. */
const answered = new Set(['name', 'email', 'attendeePhoneNumber', 'title', 'notes', 'guests', 'location'])

export type EventTypeFacts = { minutes: number; isHidden: boolean; questions: string[] }

/** The host's event type; undefined where the account has none of that name. */
export async function fetchEventTypeFacts(
  calcom: CalcomClient,
  account: CalAccount,
): Promise<EventTypeFacts | undefined> {
  const query = new URLSearchParams({ username: account.username, eventSlug: account.eventSlug })
  const answer = await callCalcom(calcom, 'eventTypes', 'GET', `/event-types?${query}`)
  const found = parseCalcom(typesAnswer, answer, false).data.find(({ slug }) => slug === account.eventSlug)
  if (!found) return undefined
  const isQuestion = ({ slug, type, required }: { slug?: string; type?: string; required?: boolean }) =>
    required === true && !answered.has(slug ?? '') && !answered.has(type ?? '')
  return {
    minutes: found.lengthInMinutes,
    isHidden: found.hidden === true,
    questions: ((found.bookingFields ?? []) as { slug?: string; type?: string; required?: boolean }[])
      .filter(isQuestion)
      .map(({ slug, type }) => slug ?? type ?? 'a question'),
  }
}
