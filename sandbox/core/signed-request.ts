// One attempt of a webhook delivery as a signed HTTP request.
import type { DeliveryFault } from './faults.ts'
import { makeKeys, webhookSecret } from './keys.ts'
import type { Delivery, Provider, SandboxContext } from './provider.ts'

const answerTimeoutMs = 10_000

export type SignedRequest = { headers: Record<string, string>; body: string }

/** Signs this attempt; the faults `tamper` and `old_secret` spoil it. */
export function signedRequest(
  ctx: SandboxContext,
  provider: Provider,
  delivery: Delivery,
  fault: DeliveryFault | undefined,
): SignedRequest {
  const nowMs = ctx.clock.now()
  let signature = provider.sign(delivery, webhookSecret(ctx.keys, delivery.provider), nowMs)
  if (fault === 'old_secret') {
    const other = provider.sign(delivery, webhookSecret(makeKeys(), delivery.provider), nowMs)
    const isSame = JSON.stringify(other) === JSON.stringify(signature)
    signature = isSame
      ? Object.fromEntries(Object.entries(other).map(([name, value]) => [name, changed(value)]))
      : other
  }
  const headers = { 'content-type': delivery.contentType, ...delivery.headers, ...signature }
  return { headers, body: fault === 'tamper' ? changed(delivery.body) : delivery.body }
}

/** The text with its last digit changed, so that JSON and forms still parse. */
function changed(text: string): string {
  const at = text.search(/\d\D*$/)
  return at < 0 ? `${text} ` : text.slice(0, at) + ((Number(text[at]) + 1) % 10) + text.slice(at + 1)
}

/** Posts it; the answer's status, or a note why none came. */
export async function post(
  url: string,
  request: SignedRequest,
  stop: AbortSignal,
): Promise<{ status?: number; responseBody?: string; note?: string }> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(answerTimeoutMs)])
    const response = await fetch(url, {
      method: 'POST',
      headers: request.headers,
      body: request.body,
      redirect: 'manual',
      signal,
    })
    return { status: response.status, responseBody: await response.text() }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return { note: cause instanceof Error ? cause.message || cause.name : String(cause) }
  }
}
