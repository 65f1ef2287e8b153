// Daily's rooms, who is inside, and who was.
import { html } from 'hono/html'
import type { Meeting, Session } from '../../daily/meeting.ts'
import type { Room } from '../../daily/room.ts'
import { chip, empty, section, time } from '../parts.ts'
import type { Html, Row, View } from '../parts.ts'

export function roomsPanel({ ctx }: View): Html {
  const rooms = ctx.store.list<Room>('daily.room').reverse()
  if (rooms.length === 0)
    return empty('No room is open', 'A private room is made 15 minutes before each session.')
  const sessions = ctx.store.list<Session>('daily.session')
  const meetings = ctx.store.list<Meeting>('daily.meeting')
  const isOver = (room: Room) => Number(room.properties['exp'] ?? Infinity) * 1000 <= ctx.clock.now()
  return html` <div class="rooms">
      ${rooms
        .filter((room) => !isOver(room))
        .map((room) =>
          openRoom(
            room,
            sessions.filter((one) => one.room === room.name),
          ),
        )}
    </div>
    ${section('Meetings', meetings.toReversed().map(meetingRow), 'Nobody has met yet.')}
    ${section(
      'All rooms',
      rooms.map((room) => roomRow(room, isOver(room))),
      '',
    )}`
}

function openRoom(room: Room, inside: Session[]): Html {
  return html`<article class="card room" data-key="room ${room.name}">
    <h2 class="mono">${room.name}</h2>
    <p class="muted">
      ${room.privacy}${typeof room.properties['exp'] === 'number' ? html`, open until ${time(room.properties['exp'] * 1000, 'datetime')}` : ''}
    </p>
    ${
      inside.length === 0
        ? html`<p>Nobody is inside.</p>`
        : html`<ul class="people">
            ${inside.map(
              (one) =>
                html` <li>
                  <span class="avatar" aria-hidden="true">${(one.userName || '?').slice(0, 1)}</span
                  >${one.userName || 'Somebody'} ${one.owner ? chip('owner', 'calm') : ''}<span class="muted"
                    >since ${time(one.joinedAt * 1000, 'time')}</span
                  >
                </li>`,
            )}
          </ul>`
    }
  </article>`
}

function meetingRow(meeting: Meeting): Row {
  const names = [...new Set(meeting.participants.map((one) => one.userName || 'Somebody'))]
  const state = meeting.endedAt === null ? chip('under way', 'good') : chip('ended', 'calm')
  return {
    kind: 'daily.meeting',
    id: meeting.id,
    title: names.join(' and '),
    detail: meeting.room,
    state,
    atMs: meeting.startedAt * 1000,
  }
}

function roomRow(room: Room, isOver: boolean): Row {
  const state = isOver ? chip('expired', 'calm') : chip('open', 'good')
  return {
    kind: 'daily.room',
    id: room.name,
    title: room.name,
    detail: room.privacy,
    state,
    atMs: Date.parse(room.createdAt),
  }
}
