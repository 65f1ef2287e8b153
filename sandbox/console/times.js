// Times in the reader's language and zone, and the clock that ticks with the sandbox.
const clock = document.getElementById('clock')
let offsetMs = 0

export function showOffset() {
  offsetMs = Number(clock.querySelector('.now')?.dataset.offset ?? 0)
  tick()
}

const formats = {
  time: { hour: '2-digit', minute: '2-digit' },
  seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  datetime: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  day: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
}
const format = (ms, name) =>
  new Intl.DateTimeFormat(undefined, { ...formats[name], hourCycle: 'h23' }).format(ms)
const zone = (ms) =>
  new Intl.DateTimeFormat(undefined, { timeZoneName: 'short' })
    .formatToParts(ms)
    .find(({ type }) => type === 'timeZoneName').value

export function written(time) {
  const at = Date.parse(time.getAttribute('datetime'))
  if (time.dataset.format !== 'relative') return format(at, time.dataset.format)
  const minutes = Math.round((at - Date.now() - offsetMs) / 60_000)
  const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'always', style: 'short' })
  if (Math.abs(minutes) < 120) return relative.format(minutes, 'minute')
  return Math.abs(minutes) < 48 * 60
    ? relative.format(Math.round(minutes / 60), 'hour')
    : relative.format(Math.round(minutes / 1440), 'day')
}

function tick() {
  const now = Date.now() + offsetMs
  const time = clock.querySelector('.clock-time')
  if (time) time.textContent = format(now, 'seconds')
  const day = clock.querySelector('.clock-day')
  if (day) day.textContent = `${format(now, 'day')}, ${zone(now)}`
  for (const relative of document.querySelectorAll('time[data-format=relative]'))
    relative.textContent = written(relative)
}
setInterval(tick, 1000)
