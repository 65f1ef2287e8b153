// The checkout page: reads the card, shows mistakes in Stripe's words, pays, and tells the embedding page.
const page = document.querySelector('[data-session]')
const form = document.querySelector('form')
const embedded = window.parent !== window
const tell = (message) => embedded && window.parent.postMessage(message, '*')

new ResizeObserver(() =>
  tell({
    type: 'stripe-sandbox:height',
    height: Math.ceil(document.documentElement.getBoundingClientRect().height),
  }),
).observe(document.body)

const input = (name) => form.elements.namedItem(name)
const digits = (text) => text.replace(/\D/g, '')
const isAmex = (number) => /^3[47]/.test(number)
const brands = [
  ['visa', /^4/],
  ['mastercard', /^(5[1-5]|2[2-7])/],
  ['amex', /^3[47]/],
]

function passesLuhn(number) {
  const sum = [...number].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

/** Keeps the caret behind the same digit after regrouping. */
function regroup(field, grouped) {
  const before = digits(field.value.slice(0, field.selectionStart)).length
  field.value = grouped
  let at = 0
  for (let seen = 0; seen < before && at < grouped.length; at++) if (/\d/.test(grouped[at])) seen++
  while (at < grouped.length && /\D/.test(grouped[at])) at++
  field.setSelectionRange(at, at)
}

function formatNumber() {
  const number = digits(input('number').value).slice(0, 19)
  const groups = isAmex(number)
    ? [number.slice(0, 4), number.slice(4, 10), number.slice(10, 15)]
    : (number.match(/.{1,4}/g) ?? [])
  regroup(input('number'), groups.filter(Boolean).join(' '))
  const brand = brands.find(([, start]) => start.test(number))?.[0]
  const label = document.querySelector('.brand')
  label.hidden = !brand
  label.textContent = brand ?? ''
}

function formatExpiry(event) {
  let value = digits(input('expiry').value).slice(0, 4)
  if (/^[2-9]/.test(value)) value = `0${value}`.slice(0, 4)
  const isDeleting = event.inputType?.startsWith('delete')
  input('expiry').value =
    value.length > 2 || (value.length === 2 && !isDeleting)
      ? `${value.slice(0, 2)} / ${value.slice(2)}`
      : value
}

const checks = {
  email: (value) =>
    value === '' ? 'Required' : /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? '' : 'Your email is incomplete.',
  number: (value) => {
    const number = digits(value)
    if (number === '') return 'Required'
    if (number.length < (isAmex(number) ? 15 : 16)) return 'Your card number is incomplete.'
    return passesLuhn(number) ? '' : 'Your card number is invalid.'
  },
  expiry: (value) => {
    const [month, year] = [Number(digits(value).slice(0, 2)), 2000 + Number(digits(value).slice(2))]
    if (digits(value) === '') return 'Required'
    if (digits(value).length < 4) return "Your card's expiration date is incomplete."
    if (month < 1 || month > 12) return "Your card's expiration date is invalid."
    const now = new Date(Number(page.dataset.now))
    const isPast = year < now.getFullYear() || (year === now.getFullYear() && month < now.getMonth() + 1)
    return isPast ? "Your card's expiration date is in the past." : ''
  },
  cvc: (value) => {
    if (value === '') return 'Required'
    return digits(value).length < (isAmex(digits(input('number').value)) ? 4 : 3)
      ? "Your card's security code is incomplete."
      : ''
  },
  name: (value) => (value.trim() === '' ? 'Required' : ''),
}
/** The error line of a field; the three card fields share one. */
const lineOf = (name) =>
  document.getElementById(`wrong-${['number', 'expiry', 'cvc'].includes(name) ? 'card' : name}`)

function show(name, message) {
  input(name).setAttribute('aria-invalid', String(message !== ''))
  const names = ['number', 'expiry', 'cvc'].includes(name) ? ['number', 'expiry', 'cvc'] : [name]
  input(name).dataset.wrong = message
  const line = lineOf(name)
  line.textContent = names.map((one) => input(one).dataset.wrong).find(Boolean) ?? ''
  line.hidden = line.textContent === ''
}

function validate() {
  const wrong = Object.keys(checks).filter((name) => {
    const message = input(name).readOnly ? '' : checks[name](input(name).value)
    show(name, message)
    return message !== ''
  })
  if (wrong.length > 0) input(wrong[0]).focus()
  return wrong.length === 0
}

function setButton(state) {
  const button = form.querySelector('.pay')
  button.setAttribute('aria-busy', String(state === 'busy'))
  button.classList.toggle('done', state === 'done')
  const tick = document.querySelector('.thanks svg').outerHTML
  if (state === 'busy') button.innerHTML = '<span class="spinner" aria-hidden="true"></span>Processing…'
  else if (state === 'done') button.innerHTML = `${tick}Paid`
  else button.textContent = page.dataset.button
}

function alertWith(message) {
  const alert = document.querySelector('.alert')
  alert.textContent = message
  alert.hidden = message === ''
}

const fieldOfParam = { number: 'number', exp_month: 'expiry', exp_year: 'expiry', cvc: 'cvc', email: 'email' }
const fieldOfCode = { incorrect_cvc: 'cvc', expired_card: 'expiry', incorrect_number: 'number' }

function refuse(error) {
  setButton('ready')
  if (error.code?.startsWith('checkout_session_')) return window.location.reload()
  const field = fieldOfParam[error.param] ?? fieldOfCode[error.code]
  if (!field) return alertWith(error.message)
  show(field, error.message)
  input(field).focus()
}

async function pay(authenticate) {
  setButton('busy')
  alertWith('')
  const expiry = digits(input('expiry').value)
  const body = {
    cardNumber: digits(input('number').value),
    expMonth: Number(expiry.slice(0, 2)),
    expYear: 2000 + Number(expiry.slice(2)),
    cvc: input('cvc').value,
    name: input('name').value,
    email: input('email').value,
    country: input('country').value,
    ...(authenticate && { authenticate }),
  }
  try {
    const response = await fetch(`/_sandbox/stripe/checkout/${page.dataset.session}/pay?always200`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const answer = await response.json()
    if (answer.error) return refuse(answer.error)
    if (answer.status === 'requires_action') return ask()
    complete(answer.returnUrl)
  } catch (error) {
    console.warn(error)
    refuse({ message: 'We could not reach the payment service. Check your connection and try again.' })
  }
}

/**
 * The frame is as tall as its content and its middle may be out of sight, so the dialog opens at the button.
 */
function ask() {
  const dialog = document.querySelector('dialog')
  dialog.showModal()
  const button = form.querySelector('.pay').getBoundingClientRect()
  dialog.style.marginTop = `${Math.max(16, button.bottom - dialog.offsetHeight)}px`
  dialog.querySelector('button').focus()
}

function complete(returnUrl) {
  setButton('done')
  setTimeout(() => {
    tell({ type: 'stripe-sandbox:complete', returnUrl })
    if (returnUrl && !embedded) return window.location.assign(returnUrl)
    document.querySelector('.checkout').hidden = true
    document.querySelector('.thanks').hidden = false
    document.querySelector('.thanks h2').focus()
  }, 700)
}

if (form) {
  input('number').addEventListener('input', formatNumber)
  input('expiry').addEventListener('input', formatExpiry)
  input('cvc').addEventListener('input', () => {
    input('cvc').value = digits(input('cvc').value).slice(0, 4)
  })
  for (const name of Object.keys(checks)) {
    input(name).addEventListener('input', () => {
      if (input(name).dataset.wrong) show(name, '')
    })
    input(name).addEventListener('blur', () => {
      if (input(name).value !== '') show(name, checks[name](input(name).value))
    })
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const isBusy =
      form.querySelector('.pay').getAttribute('aria-busy') === 'true' ||
      form.querySelector('.pay').classList.contains('done')
    if (!isBusy && validate()) void pay()
  })
  for (const choice of document.querySelectorAll('[data-authenticate]')) {
    choice.addEventListener('click', () => {
      document.querySelector('dialog').close()
      void pay(choice.dataset.authenticate)
    })
  }
  // Blocks Escape, which would leave the bank's question unanswered for ever.
  document.querySelector('dialog').addEventListener('cancel', (event) => event.preventDefault())
  for (const hint of document.querySelectorAll('[data-card]')) {
    hint.addEventListener('click', () => {
      input('number').value = hint.dataset.card
      formatNumber()
      input('expiry').value ||= '12 / 34'
      input('cvc').value ||= '123'
      input('name').value ||= 'Mia Carter'
      if (!input('email').readOnly) input('email').value ||= 'mia@example.com'
      for (const name of Object.keys(checks)) show(name, '')
      form.querySelector('.pay').focus()
    })
  }
}
