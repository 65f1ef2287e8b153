// The sandbox's time, the next session, and the ways to move the clock.
import { html } from 'hono/html'
import { dayMs, daySeconds } from '../../core/durations.ts'
import { time } from '../parts.ts'
import type { Html, View } from '../parts.ts'

const moves: [label: string, rest: string, body: object][] = [
  ['+1 hour', '', { advanceMs: 3_600_000 }],
  ['+1 day', '', { advanceMs: dayMs }],
  ['Now', 'back to real time', { offsetMs: 0 }],
]

export async function clockPanel({ ctx, travel }: View): Promise<Html> {
  const session = await travel.nextSession()
  const offsetMs = ctx.clock.offsetMs()
  const landmarks: [label: string, rest: string, to: string][] = [
    ['15 min before', 'the next session', 'room_opens'],
    ['Start', 'of the next session', 'session_starts'],
    ['End', 'of the next session', 'session_ends'],
  ]
  return html` <p class="now" data-offset="${offsetMs}">
      <span class="clock-time"></span><span class="clock-day"></span>
    </p>
    <p class="offset">
      ${offsetMs === 0 ? 'Real time' : html`<strong>${distance(offsetMs)}</strong> ${offsetMs > 0 ? 'ahead of' : 'behind'} real time`}
    </p>
    <details class="moves" data-open-wide>
      <summary>Move the clock</summary>
      <div class="next">
        <h2>Next session</h2>
        <p>
          ${session ? html`${time(session.startAt, 'datetime')} <span class="muted">${time(session.startAt, 'relative')}</span>` : 'None is booked yet.'}
        </p>
        <div class="buttons landmarks">
          ${landmarks.map(
            ([label, rest, to]) =>
              html` <button
                type="button"
                class="button soft"
                title="${label} ${rest}"
                data-post="/_sandbox/clock"
                data-body="${JSON.stringify({ to })}"
                ${session ? '' : 'disabled'}
              >
                ${label} <span class="sr">${rest}</span>
              </button>`,
          )}
        </div>
      </div>
      <div class="buttons landmarks">
        ${moves.map(
          ([label, rest, body]) =>
            html` <button
              type="button"
              class="button"
              data-post="/_sandbox/clock"
              data-body="${JSON.stringify(body)}"
            >
              ${label} <span class="sr">${rest}</span>
            </button>`,
        )}
      </div>
      <form data-post="/_sandbox/clock" class="inline">
        <label class="sr" for="go-to">Go to a date and time</label>
        <input id="go-to" type="datetime-local" name="to" required />
        <button class="button">Go</button>
      </form>
    </details>`
}

/** 2 d 3 h, 45 min, 10 s */
function distance(offsetMs: number): string {
  const seconds = Math.round(Math.abs(offsetMs) / 1000)
  const parts: [number, string][] = [
    [Math.floor(seconds / daySeconds), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ]
  const shown = parts.filter(([amount]) => amount > 0).slice(0, 2)
  return shown.map(([amount, unit]) => `${amount} ${unit}`).join(' ') || '0 s'
}
