// Keeps the console's panels fresh: fetches their HTML when the sandbox says that something changed, and changes only
// what differs, so that an open row, a half-written reply and the scroll position stay as they are.
const panel = document.getElementById('panel')
const clock = document.getElementById('clock')
const toast = document.getElementById('toast')
const live = document.getElementById('live')
const wide = matchMedia('(min-width: 900px)')
let offsetMs = 0

// ---- where we are -------------------------------------------------------------------------------------------------

function place() {
  const [name, ...rest] = (location.hash.slice(1) || 'phones').split('/')
  return { name, part: decodeURIComponent(rest.join('/')) }
}

let shownPlace = ''
async function refreshPanel() {
  const { name, part } = place()
  const here = `${name}/${part}`
  const fresh = await fetchFragment(`/_sandbox/console/${encodeURIComponent(name)}?part=${encodeURIComponent(part)}`)
  if (!fresh || here !== `${place().name}/${place().part}`) return
  if (shownPlace === here) morphChildren(panel, fresh)
  else {
    panel.replaceChildren(...fresh.childNodes)
    panel.className = `panel-${name}`
    scrollTo(0, 0)
    shownPlace = here
    for (const thread of panel.querySelectorAll('[data-stick]')) thread.scrollTop = thread.scrollHeight
  }
  for (const link of document.querySelectorAll('.tabs a')) {
    const isHere = link.getAttribute('href') === `#${name}`
    link.toggleAttribute('aria-current', isHere)
    if (isHere && !wide.matches) link.scrollIntoView({ block: 'nearest', inline: 'center' })
  }
  document.title = `${document.querySelector('.tabs a[aria-current]')?.textContent.trim() ?? 'Console'} · Presence sandbox`
}

async function refreshClock() {
  const fresh = await fetchFragment('/_sandbox/console/clock')
  if (!fresh) return
  morphChildren(clock, fresh)
  offsetMs = Number(clock.querySelector('.now')?.dataset.offset ?? 0)
  tick()
}

async function fetchFragment(address) {
  const answer = await fetch(address).catch(() => undefined)
  if (!answer?.ok) return undefined
  const template = document.createElement('template')
  template.innerHTML = await answer.text()
  for (const time of template.content.querySelectorAll('time')) time.textContent = written(time)
  for (const details of template.content.querySelectorAll('[data-open-wide]')) details.open = wide.matches
  return template.content
}

// ---- times --------------------------------------------------------------------------------------------------------

const formats = {
  time: { hour: '2-digit', minute: '2-digit' },
  seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  datetime: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  day: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
}
const format = (ms, name) => new Intl.DateTimeFormat(undefined, { ...formats[name], hourCycle: 'h23' }).format(ms)
const zone = (ms) => new Intl.DateTimeFormat(undefined, { timeZoneName: 'short' }).formatToParts(ms).find(({ type }) => type === 'timeZoneName').value

function written(time) {
  const at = Date.parse(time.getAttribute('datetime'))
  if (time.dataset.format !== 'relative') return format(at, time.dataset.format)
  const minutes = Math.round((at - Date.now() - offsetMs) / 60_000)
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'always' })
  if (Math.abs(minutes) < 120) return relative.format(minutes, 'minute')
  return Math.abs(minutes) < 48 * 60 ? relative.format(Math.round(minutes / 60), 'hour') : relative.format(Math.round(minutes / 1440), 'day')
}

function tick() {
  const now = Date.now() + offsetMs
  const time = clock.querySelector('.clock-time')
  if (time) time.textContent = format(now, 'seconds')
  const day = clock.querySelector('.clock-day')
  if (day) day.textContent = `${format(now, 'day')}, ${zone(now)}`
  for (const relative of document.querySelectorAll('time[data-format=relative]')) relative.textContent = written(relative)
}
setInterval(tick, 1000)

// ---- changing only what differs -----------------------------------------------------------------------------------

const keyOf = (node) => node.dataset?.key ?? node.id ?? ''
const isField = (node) => node instanceof HTMLInputElement || node instanceof HTMLSelectElement || node instanceof HTMLTextAreaElement

function morph(from, to) {
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.textContent !== to.textContent) from.textContent = to.textContent
    return
  }
  for (const name of from.getAttributeNames()) {
    if (!to.hasAttribute(name) && name !== 'open' && name !== 'data-dirty') from.removeAttribute(name)
  }
  for (const name of to.getAttributeNames()) {
    if (name !== 'open' && from.getAttribute(name) !== to.getAttribute(name)) from.setAttribute(name, to.getAttribute(name))
  }
  if (from.hasAttribute('data-keep')) return
  if (isField(from)) {
    if (from === document.activeElement || from.dataset.dirty) return
    if (from instanceof HTMLSelectElement) morphChildren(from, to)
    if (from.type === 'checkbox') from.checked = to.checked
    else if (from.value !== to.value) from.value = to.value
    return
  }
  const isAtEnd = from.hasAttribute('data-stick') && from.scrollHeight - from.scrollTop - from.clientHeight < 40
  morphChildren(from, to)
  if (isAtEnd) from.scrollTop = from.scrollHeight
}

function morphChildren(from, to) {
  const keyed = new Map([...from.childNodes].filter(keyOf).map((node) => [keyOf(node), node]))
  let at = from.firstChild
  for (const wanted of [...to.childNodes]) {
    const key = keyOf(wanted)
    let match = key ? keyed.get(key) : at
    if (!key) while (match && keyOf(match)) match = match.nextSibling
    if (!match || match.nodeName !== wanted.nodeName) {
      from.insertBefore(wanted, at)
      for (const thread of wanted.querySelectorAll?.('[data-stick]') ?? []) thread.scrollTop = thread.scrollHeight
      continue
    }
    // Moving a node takes the focus away, so the ones between go instead, unless they are wanted later.
    if (match !== at) {
      if (key && keyed.has(key) && match.contains(document.activeElement)) while (at !== match) {
        const next = at.nextSibling
        from.insertBefore(at, match.nextSibling)
        at = next
      }
      else from.insertBefore(match, at)
    }
    at = match.nextSibling
    morph(match, wanted)
  }
  while (at) {
    const next = at.nextSibling
    at.remove()
    at = next
  }
}

// ---- acting -------------------------------------------------------------------------------------------------------

async function send(method, address, body, headers = {}) {
  const init = body === undefined ? { method, headers } : { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }
  const answer = await fetch(address, init).catch(() => undefined)
  if (answer?.ok) return true
  const said = await answer?.json().catch(() => undefined)
  const reason = said?.error?.message ?? said?.message ?? said?.error
  say(typeof reason === 'string' ? reason : 'The sandbox did not accept this.')
  return false
}

let toastTimer
function say(text) {
  toast.textContent = text
  toast.hidden = false
  clearTimeout(toastTimer)
  toastTimer = setTimeout(() => (toast.hidden = true), 4000)
}

async function busy(button, act) {
  button?.setAttribute('aria-busy', 'true')
  await act()
  button?.removeAttribute('aria-busy')
  await Promise.all([refreshClock(), refreshPanel()])
}

document.addEventListener('click', async (event) => {
  const button = event.target.closest('button')
  if (!button) return
  const { post, body, delete: removed, copy } = button.dataset
  if (post) await busy(button, () => send('POST', post, JSON.parse(body)))
  if (removed) await busy(button, () => send('DELETE', removed))
  if (copy) await navigator.clipboard.writeText(copy).then(() => say(`Copied ${copy}`), () => say('The browser did not allow copying.'))
})

document.addEventListener('submit', async (event) => {
  const form = event.target
  if (!form.dataset.post) return
  event.preventDefault()
  const fields = [...form.elements].filter((field) => field.name && field.value !== '')
  const body = Object.fromEntries(fields.map((field) => [field.name, valueOf(field)]))
  await busy(event.submitter, async () => {
    if (!(await send('POST', form.dataset.post, body))) return
    form.reset()
    for (const field of form.elements) delete field.dataset.dirty
  })
})

function valueOf(field) {
  if (field.type === 'number') return Number(field.value)
  return field.type === 'datetime-local' ? new Date(field.value).toISOString() : field.value
}

document.addEventListener('input', (event) => {
  if (event.target.type !== 'hidden') event.target.dataset.dirty = 'true'
})

// A cell of the Airtable base, written through Airtable's API. `typecast` lets it read the text as the field needs it.
let token
document.addEventListener('change', async (event) => {
  const cell = event.target
  if (!cell.dataset?.cell) return
  token ??= await fetch('/_sandbox/keys').then((answer) => answer.json()).then((keys) => keys.AIRTABLE_ACCESS_TOKEN)
  const fields = { [cell.dataset.field]: cellValue(cell) }
  const isSaved = await send('PATCH', cell.dataset.cell, { fields, typecast: true }, { authorization: `Bearer ${token}` })
  delete cell.dataset.dirty
  cell.classList.toggle('saved', isSaved)
  setTimeout(() => cell.classList.remove('saved'), 1200)
  await refreshPanel()
})

function cellValue(cell) {
  if (cell.type === 'checkbox') return cell.checked
  if (cell.value === '') return null
  if (cell.type === 'number') return Number(cell.value)
  return cell.dataset.type === 'multipleSelects' ? cell.value.split(',').map((name) => name.trim()).filter(Boolean) : cell.value
}

document.addEventListener('keydown', (event) => {
  const cell = event.target.closest?.('textarea[data-cell]')
  if (!cell || !['Enter', 'Escape'].includes(event.key) || event.shiftKey) return
  event.preventDefault()
  if (event.key === 'Escape') {
    cell.value = cell.defaultValue
    delete cell.dataset.dirty
  }
  cell.blur()
})

// The whole of an entry is fetched when it is opened.
document.addEventListener('toggle', async (event) => {
  const details = event.target
  const { load } = details.dataset ?? {}
  if (!load || !details.open) return
  const fresh = await fetchFragment(load)
  if (fresh) details.querySelector('[data-keep]').replaceChildren(fresh)
}, true)

// ---- live ---------------------------------------------------------------------------------------------------------

const waitMs = 150
let waiting
function later() {
  waiting ??= setTimeout(async () => {
    await Promise.all([refreshPanel(), refreshClock()])
    waiting = undefined
  }, waitMs)
}

const events = new EventSource('/_sandbox/events')
events.addEventListener('changed', later)
events.addEventListener('open', () => (live.textContent = 'Live'))
events.addEventListener('error', () => (live.textContent = 'The sandbox is not answering. Trying again.'))
addEventListener('hashchange', refreshPanel)
await Promise.all([refreshClock(), refreshPanel()])
