// The sandbox's time, the next session, and the ways to move the clock.
import { html } from 'hono/html'
import { time } from '../parts.ts'
import type { Html, View } from '../parts.ts'

const moves: [label: string, body: object, meaning: string][] = [
  ['+1 hour', { advanceMs: 3_600_000 }, 'One hour ahead'],
  ['+1 day', { advanceMs: 86_400_000 }, 'One day ahead'],
  ['Now', { offsetMs: 0 }, 'Back to real time'],
]

export async function clockPanel({ ctx, travel }: View): Promise<Html> {
  const session = await travel.nextSession()
  const offsetMs = ctx.clock.offsetMs()
  const landmarks: [label: string, to: string, meaning: string][] = [
    ['15 min before', 'room_opens', '15 minutes before the next session'],
    ['Start', 'session_starts', 'Start of the next session'],
    ['End', 'session_ends', 'End of the next session'],
  ]
  return html`
    <p class="now" data-offset="${offsetMs}"><span class="clock-time"></span><span class="clock-day"></span></p>
    <p class="offset">${offsetMs === 0 ? 'Real time' : html`<strong>${distance(offsetMs)}</strong> ${offsetMs > 0 ? 'ahead of' : 'behind'} real time`}</p>
    <details class="moves" data-open-wide>
      <summary>Move the clock</summary>
      <div class="next">
        <h3>Next session</h3>
        <p>${session ? html`${time(session.startAt, 'datetime')} <span class="muted">${time(session.startAt, 'relative')}</span>` : 'None is booked yet.'}</p>
        <div class="buttons landmarks">${landmarks.map(([label, to, meaning]) => html`
          <button type="button" class="button soft" aria-label="${meaning}" title="${meaning}" data-post="/_sandbox/clock" data-body="${JSON.stringify({ to })}"
            ${session ? '' : 'disabled'}>${label}</button>`)}</div>
      </div>
      <div class="buttons landmarks">${moves.map(([label, body, meaning]) => html`
        <button type="button" class="button" aria-label="${meaning}" title="${meaning}" data-post="/_sandbox/clock" data-body="${JSON.stringify(body)}">${label}</button>`)}</div>
      <form data-post="/_sandbox/clock" class="inline">
        <label class="sr" for="go-to">Go to a date and time</label>
        <input id="go-to" type="datetime-local" name="to" required>
        <button class="button">Go</button>
      </form>
    </details>`
}

/** 2 d 3 h, 45 min, 10 s */
function distance(offsetMs: number): string {
  const seconds = Math.round(Math.abs(offsetMs) / 1000)
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'], [Math.floor(seconds / 3600) % 24, 'h'], [Math.floor(seconds / 60) % 60, 'min'], [seconds % 60, 's'],
  ]
  const shown = parts.filter(([amount]) => amount > 0).slice(0, 2)
  return shown.map(([amount, unit]) => `${amount} ${unit}`).join(' ') || '0 s'
}
