// A page that embeds the checkout with Stripe's own React components, as their documentation shows.
import { EmbeddedCheckout, EmbeddedCheckoutProvider } from '@stripe/react-stripe-js'
import type { Stripe, StripeConstructor } from '@stripe/stripe-js'
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'

declare global {
  interface Window {
    completed: number
  }
}

const asked = new URLSearchParams(location.search)
window.completed = 0

function script(): Promise<Stripe> {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement('script'), {
      src: asked.get('script'),
      onerror: reject,
    })
    element.addEventListener('load', () => {
      const make = (window as { Stripe?: StripeConstructor }).Stripe
      if (make) resolve(make(asked.get('key') ?? ''))
    })
    document.head.append(element)
  })
}
const stripe = script()

const options = {
  fetchClientSecret: () => Promise.resolve(asked.get('secret') ?? ''),
  onComplete: () => {
    window.completed++
  },
}

function Shop() {
  const [isOpen, setOpen] = useState(true)
  return (
    <main>
      <button type="button" onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Close' : 'Open'}
      </button>
      {isOpen && (
        <EmbeddedCheckoutProvider stripe={stripe} options={options}>
          <EmbeddedCheckout />
        </EmbeddedCheckoutProvider>
      )}
    </main>
  )
}

createRoot(document.body.appendChild(document.createElement('div'))).render(
  asked.get('strict') === 'yes' ? (
    <StrictMode>
      <Shop />
    </StrictMode>
  ) : (
    <Shop />
  ),
)
