// Stripe in our words, on the official SDK: the client, its errors and its webhook signatures. What must not
// be made twice carries an idempotency key made from our id
// (https://docs.stripe.com/api/idempotent_requests).
import Stripe from 'stripe'
import type { Config } from '../config.ts'
import { ProviderError } from '../lib/errors.ts'
import { newId } from '../lib/ids.ts'
import { noteFailure, operationOf, requestIdIn } from './failure-log.ts'
import { statusIsAmbiguous, timeoutMs } from './provider-error.ts'

export type StripeClient = {
  sdk: Stripe
  webhookSecrets: string[]
  publishableKey: string
  /** Whether the secret key is one of live mode. */
  isLive: boolean
}

export function openStripe(config: Config['stripe']): StripeClient {
  const address = new URL(config.apiUrl)
  const sdk = new Stripe(config.secretKey, {
    host: address.hostname,
    port: address.port || (address.protocol === 'https:' ? 443 : 80),
    protocol: address.protocol === 'https:' ? 'https' : 'http',
    timeout: timeoutMs,
    maxNetworkRetries: 1,
    telemetry: false,
    httpClient: notingClient(),
  })
  return {
    sdk,
    webhookSecrets: config.webhookSecrets,
    publishableKey: config.publishableKey,
    isLive: isLiveKey(config.secretKey),
  }
}

/** `sk_live_…`, `rk_live_…` and `pk_live_…` are keys of live mode. */
export const isLiveKey = (key: string) => /^[a-z]+_live_/.test(key)

/** The SDK's own HTTP client, which notes every refusal and failure as it arrives. */
function notingClient() {
  const client = Stripe.createNodeHttpClient()
  const makeRequest = client.makeRequest.bind(client)
  client.makeRequest = async (...request) => {
    const [, , path, method] = request
    const noted = { provider: 'stripe', operation: operationOf(method, path) }
    let answer: Awaited<ReturnType<typeof makeRequest>>
    try {
      answer = await makeRequest(...request)
    } catch (error) {
      const message = error instanceof Error ? error.message : ''
      noteFailure({ ...noted, status: undefined, code: undefined, requestId: undefined, message })
      throw error
    }
    const status = answer.getStatusCode()
    if (status < 400) return answer
    // The body can be read once, so the SDK gets what was read here.
    const body = answer.toJSON() as Promise<StripeRefusal>
    answer.toJSON = () => body
    const said = (await body.catch(() => undefined))?.error
    noteFailure({
      ...noted,
      status,
      code: said?.code ?? said?.type,
      requestId: requestIdIn((name) => answer.getHeaders()[name] as string | undefined),
      message: said?.message ?? '',
    })
    return answer
  }
  return client
}
type StripeRefusal = { error?: { code?: string; type?: string; message?: string } } | undefined

/** Turns the SDK's errors into ProviderError. A conflict (409) is the same request still under way. */
export async function asProviderError<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error
    const status = error.statusCode
    // A replayed 500 means that the first request has ended: a repeat of its key is useless, so what it did
    // has to be looked up.
    const hasEnded = (status ?? 0) >= 500 && error.headers?.['idempotent-replayed'] === 'true'
    const isOtherRequest = error instanceof Stripe.errors.StripeIdempotencyError
    const code = hasEnded ? replayedFailure : isOtherRequest ? keyOfAnother : error.code
    throw new ProviderError('stripe', error.message, {
      ambiguous: statusIsAmbiguous(status) || status === 409,
      status,
      code,
      cause: error,
    })
  }
}

/** Every page of a list at Stripe, in its order. `limit` is only the size of a page. */
export async function listAll<Item>(list: () => AsyncIterable<Item>): Promise<Item[]> {
  return asProviderError(async () => {
    const all: Item[] = []
    for await (const item of list()) all.push(item)
    return all
  })
}

export const replayedFailure = 'replayed_failure'
/** The key was used for a request with other parameters: what that request did has to be looked up. */
export const keyOfAnother = 'key_of_another_request'

/**
 * Makes something under our idempotency key. Where the key is used up for a day, finds what it made, or makes
 * it under a new key.
 */
export async function makeOnce<Made>(
  key: string,
  make: (idempotencyKey: string) => Promise<Made>,
  find: () => Promise<Made | undefined>,
): Promise<Made> {
  try {
    return await asProviderError(() => make(key))
  } catch (error) {
    const isUsedUp =
      error instanceof ProviderError && (error.code === replayedFailure || error.code === keyOfAnother)
    if (!isUsedUp) throw error
    return (await asProviderError(find)) ?? asProviderError(() => make(`${key}:${newId()}`))
  }
}

/** Stripe's answer, or undefined where Stripe has no such object (404). */
export async function unlessMissing<Result>(act: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await asProviderError(act)
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return undefined
    throw error
  }
}

/** Verifies a webhook's signature and age against any of the accepted secrets. Undefined where none fits. */
export function readStripeEvent(
  stripe: StripeClient,
  rawBody: string,
  signature: string | undefined,
  receivedAt: Date,
): Stripe.Event | undefined {
  if (!signature) return undefined
  for (const secret of stripe.webhookSecrets) {
    try {
      return stripe.sdk.webhooks.constructEvent(
        rawBody,
        signature,
        secret,
        undefined,
        undefined,
        receivedAt.getTime(),
      )
    } catch (error) {
      if (error instanceof Stripe.errors.StripeSignatureVerificationError) continue
      return undefined
    }
  }
  return undefined
}
