// Loads Stripe.js from the configured address (the real one, or the sandbox's) when somebody is about to pay.
import type { Stripe, StripeConstructor } from '@stripe/stripe-js'

let loading: { url: string; stripe: Promise<Stripe> } | undefined

function constructorIn(scope: object): StripeConstructor | undefined {
  return (scope as { Stripe?: StripeConstructor }).Stripe
}

function addScript(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = url
    script.async = true
    script.addEventListener('load', () => resolve())
    script.addEventListener('error', () => {
      script.remove()
      reject(new Error(`Stripe.js did not load from ${url}`))
    })
    document.head.append(script)
  })
}

/** The Stripe object for this key. A failed load is forgotten, so that the next attempt loads again. */
export function stripeFrom(url: string, publishableKey: string): Promise<Stripe> {
  if (loading?.url === url) return loading.stripe
  const stripe = (async () => {
    if (!constructorIn(window)) await addScript(url)
    const create = constructorIn(window)
    if (!create) throw new Error('Stripe.js loaded without its constructor')
    return create(publishableKey)
  })()
  loading = { url, stripe }
  stripe.catch(() => {
    loading = undefined
  })
  return stripe
}
