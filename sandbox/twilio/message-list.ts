// The list of messages, newest first, filtered by To, From and DateSent, in pages.
import { dayMs } from '../core/durations.ts'
import type { ProviderAnswer, ProviderRequest, SandboxContext } from '../core/provider.ts'
import { twilioError } from './error.ts'
import { messageResource } from './message.ts'
import type { Message } from './message.ts'
import { phoneNumber } from './numbers.ts'

const pageSizes = { default: 50, max: 1000 }

export function listMessages(request: ProviderRequest, ctx: SandboxContext): ProviderAnswer {
  const { query } = request
  const pageSize = Math.min(Number(query.get('PageSize') ?? pageSizes.default), pageSizes.max)
  const page = Number(query.get('Page') ?? 0)
  if (!(pageSize >= 1) || !(page >= 0)) return twilioError(400, 20001, 'Invalid PageSize or Page')
  const number = (name: string) =>
    query.get(name) ? (phoneNumber(query.get(name)!) ?? query.get(name)!) : undefined
  const [to, from] = [number('To'), number('From')]
  const toOne = to
    ? ctx.store.find<Message>('twilio.message', '$.to', to)
    : ctx.store.list<Message>('twilio.message')
  const matching = toOne
    .filter((message) => !message.isVerification)
    .filter((message) => !from || message.from === from)
    // An unsent message counts by its creation, so that a caller in doubt finds it at once.
    .filter((message) => wasSentWithin(query, message.sentAt ?? message.createdAt))
    .reverse()
  const start = page * pageSize
  const messages = matching.slice(start, start + pageSize)
  const uriOf = (number: number) => {
    const parameters = new URLSearchParams(query)
    parameters.set('PageSize', String(pageSize))
    parameters.set('Page', String(number))
    return `${request.path}?${parameters}`
  }
  const body = {
    messages: messages.map((message) => messageResource(ctx, message)),
    page,
    page_size: pageSize,
    start,
    end: Math.max(start + messages.length - 1, 0),
    uri: uriOf(page),
    first_page_uri: uriOf(0),
    next_page_uri: start + messages.length < matching.length ? uriOf(page + 1) : null,
    previous_page_uri: page > 0 ? uriOf(page - 1) : null,
  }
  return { status: 200, body }
}

/**
 * `DateSent`, `DateSent<` and `DateSent>`: bounds included; a date without a time is the whole day in UTC.
 */
function wasSentWithin(query: URLSearchParams, sentAtMs: number): boolean {
  const range = (name: string): [number, number] | undefined => {
    const text = query.get(name)
    if (!text) return undefined
    const fromMs = Date.parse(text)
    return [fromMs, fromMs + (/^\d{4}-\d{2}-\d{2}$/.test(text) ? dayMs : 1000) - 1]
  }
  const [on, before, after] = [range('DateSent'), range('DateSent<'), range('DateSent>')]
  return (
    (!on || (sentAtMs >= on[0] && sentAtMs <= on[1])) &&
    (!before || sentAtMs <= before[1]) &&
    (!after || sentAtMs >= after[0])
  )
}
