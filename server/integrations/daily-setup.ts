// How Daily's domain is set up: its defaults for rooms, and the webhook.
import { z } from 'zod'
import { callDaily, type DailyClient, parseDaily } from './daily.ts'

const domainAnswer = z.object({
  domain_name: z.string(),
  config: z.record(z.string(), z.unknown()).optional(),
})

export type DailyDomain = {
  name: string
  /** Defaults that every room gets unless it says otherwise. */
  records: boolean
  transcribes: boolean
}

/** GET / is the domain's own settings (https://docs.daily.co/reference/rest-api/your-domain). */
export async function fetchDailyDomain(daily: DailyClient): Promise<DailyDomain> {
  const { domain_name: name, config = {} } = parseDaily(
    domainAnswer,
    await callDaily(daily, 'soon', 'GET', '/'),
  )
  return {
    name,
    records: isOn(config['enable_recording']),
    transcribes: isOn(config['enable_transcription']) || isOn(config['auto_start_transcription']),
  }
}

const isOn = (value: unknown) => value !== undefined && value !== null && value !== false && value !== ''

const webhooksAnswer = z.array(
  z.object({
    url: z.string(),
    state: z.string().optional(),
    retryType: z.string().optional(),
    eventTypes: z.array(z.string()),
  }),
)
export type DailyWebhook = z.infer<typeof webhooksAnswer>[number]

export async function listDailyWebhooks(daily: DailyClient): Promise<DailyWebhook[]> {
  return parseDaily(webhooksAnswer, await callDaily(daily, 'soon', 'GET', '/webhooks'))
}
