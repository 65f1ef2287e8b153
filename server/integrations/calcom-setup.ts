// How the platform's own Cal.com is set up: whose key it is, and the webhooks.
import { z } from 'zod'
import { callCalcom, type CalcomClient, parseCalcom } from './calcom.ts'

const meAnswer = z.object({ data: z.object({ id: z.int(), username: z.string().nullish() }) })

/** The account of the key: GET /v2/me. */
export async function fetchCalOwner(calcom: CalcomClient): Promise<{ id: number; username: string }> {
  const { data } = parseCalcom(meAnswer, await callCalcom(calcom, 'none', 'GET', '/me'), false)
  return { id: data.id, username: data.username ?? '' }
}

const webhooksAnswer = z.object({
  data: z.array(z.object({ subscriberUrl: z.string(), active: z.boolean(), triggers: z.array(z.string()) })),
})
export type CalWebhook = z.infer<typeof webhooksAnswer>['data'][number]

export async function listCalWebhooks(calcom: CalcomClient): Promise<CalWebhook[]> {
  return parseCalcom(webhooksAnswer, await callCalcom(calcom, 'none', 'GET', '/webhooks'), false).data
}
