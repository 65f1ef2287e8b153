// Keeps the console's panels fresh: fetches their HTML whenever the sandbox says that something changed.
import { listen } from './act.js'
import { morphChildren } from './morph.js'
import { showOffset, written } from './times.js'

const panel = document.getElementById('panel')
const clock = document.getElementById('clock')
const live = document.getElementById('live')
const wide = matchMedia('(min-width: 900px)')
// A wide page shows these without a summary line to open them.
wide.addEventListener('change', () => {
  for (const details of document.querySelectorAll('[data-open-wide]')) details.open = wide.matches
})

/** `#airtable/Hosts` is the panel `airtable` with the part `Hosts`. */
function place() {
  const [name, ...rest] = (location.hash.slice(1) || 'phones').split('/')
  return { name, part: decodeURIComponent(rest.join('/')) }
}

let shown = ''
async function refreshPanel() {
  const { name, part } = place()
  const here = `${name}/${part}`
  const fresh = await fetchFragment(
    `/_sandbox/console/${encodeURIComponent(name)}?part=${encodeURIComponent(part)}`,
  )
  if (!fresh || here !== `${place().name}/${place().part}`) return
  if (shown === here) morphChildren(panel, fresh)
  else show(here, fresh)
}

function show(here, fresh) {
  shown = here
  panel.replaceChildren(...fresh.childNodes)
  for (const thread of panel.querySelectorAll('[data-stick]')) thread.scrollTop = thread.scrollHeight
  for (const link of document.querySelectorAll('.tabs a')) {
    const isHere = link.getAttribute('href') === `#${place().name}`
    link.toggleAttribute('aria-current', isHere)
    if (isHere && !wide.matches) link.scrollIntoView({ block: 'nearest', inline: 'center' })
    if (isHere) document.title = `${link.textContent.trim()} · Presence sandbox`
  }
}

async function refreshClock() {
  const fresh = await fetchFragment('/_sandbox/console/clock')
  if (!fresh) return
  morphChildren(clock, fresh)
  showOffset()
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

const refresh = () => Promise.all([refreshPanel(), refreshClock()])

// Fetches the whole entry when it is opened.
document.addEventListener(
  'toggle',
  ({ target: details }) => {
    if (details.dataset?.load && details.open) void fill(details)
  },
  true,
)

async function fill(details) {
  const fresh = await fetchFragment(details.dataset.load)
  if (fresh) details.querySelector('[data-keep]').replaceChildren(fresh)
}

// Debounces bursts of changes; a change during a refresh causes another one.
const waitMs = 150
let waiting
function later() {
  waiting ??= setTimeout(() => {
    waiting = undefined
    void refresh()
  }, waitMs)
}

const events = new EventSource('/_sandbox/events')
events.addEventListener('changed', later)
events.addEventListener('open', () => (live.textContent = 'Live'))
events.addEventListener('error', () => (live.textContent = 'The sandbox is not answering. Trying again.'))
addEventListener('hashchange', () => {
  scrollTo(0, 0)
  void refreshPanel()
})
listen(refresh)
await refresh()
