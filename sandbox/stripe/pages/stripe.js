// The sandbox's Stripe.js: the entry points of Embedded Checkout; anything else throws "not covered".
;(() => {
  const origin = new URL(document.currentScript.src).origin
  let isCheckoutAlive = false

  const fail = (message) => {
    throw Object.assign(new Error(message), { name: 'IntegrationError' })
  }
  const notCovered = (name) => () => fail(`stripe.${name} is not covered by the sandbox.`)

  async function createEmbeddedCheckoutPage(options = {}) {
    if (isCheckoutAlive) fail('You cannot have multiple Embedded Checkout objects.')
    if (!options.clientSecret && !options.fetchClientSecret)
      fail('You must provide one of `clientSecret` or `fetchClientSecret`.')
    isCheckoutAlive = true
    try {
      const clientSecret = options.clientSecret ?? (await options.fetchClientSecret())
      if (typeof clientSecret !== 'string' || !clientSecret.includes('_secret_'))
        fail('The client secret of a Checkout Session is not valid.')
      return embeddedCheckout(clientSecret, options.onComplete)
    } catch (error) {
      isCheckoutAlive = false
      throw error
    }
  }

  function embeddedCheckout(clientSecret, onComplete) {
    let frame = null
    let isDestroyed = false

    const onMessage = (event) => {
      if (!frame || event.origin !== origin || event.source !== frame.contentWindow) return
      const { type, height, returnUrl } = event.data ?? {}
      if (type === 'stripe-sandbox:height') frame.style.height = `${height}px`
      if (type !== 'stripe-sandbox:complete') return
      if (returnUrl) window.location.assign(returnUrl)
      else if (onComplete) onComplete()
    }
    const unmount = () => {
      if (isDestroyed) fail('This Embedded Checkout object has been destroyed.')
      window.removeEventListener('message', onMessage)
      frame?.remove()
      frame = null
    }
    return {
      mount(location) {
        if (isDestroyed) fail('This Embedded Checkout object has been destroyed and cannot be mounted again.')
        if (frame) fail('This Embedded Checkout object is already mounted.')
        const parent = typeof location === 'string' ? document.querySelector(location) : location
        if (!parent)
          fail(
            `The selector you specified (${location}) applies to no DOM elements that are currently on the page.`,
          )
        frame = document.createElement('iframe')
        frame.name = 'embedded-checkout'
        frame.title = 'Secure payment form'
        frame.allow = 'payment *; clipboard-write'
        frame.src = `${origin}/stripe/checkout?client_secret=${encodeURIComponent(clientSecret)}`
        frame.style.cssText = 'display:block;width:100%;border:0;height:640px;color-scheme:light'
        window.addEventListener('message', onMessage)
        parent.appendChild(frame)
      },
      unmount,
      destroy() {
        unmount()
        isDestroyed = true
        isCheckoutAlive = false
      },
    }
  }

  window.Stripe = Object.assign(
    (publishableKey) => {
      if (!/^pk_(test|live)_/.test(publishableKey ?? ''))
        fail('Please call Stripe() with your publishable key.')
      const covered = {
        createEmbeddedCheckoutPage,
        initEmbeddedCheckout: createEmbeddedCheckoutPage,
        registerAppInfo() {},
        _registerWrapper() {},
      }
      const others = [
        'elements',
        'createToken',
        'createPaymentMethod',
        'confirmCardPayment',
        'confirmPayment',
        'redirectToCheckout',
        'initCheckout',
      ]
      return { ...Object.fromEntries(others.map((name) => [name, notCovered(name)])), ...covered }
    },
    { version: 'endive' },
  )
})()
