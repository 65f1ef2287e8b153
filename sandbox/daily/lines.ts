// The event streams (signalling) to the browsers. In memory: after a restart the pages reconnect.
import type { SandboxContext } from '../core/provider.ts'
import { leave, session, sessions } from './meeting.ts'

export type MediaState = { audio: boolean; video: boolean }
export type Message =
  | { type: 'joined'; participant: { id: string; name: string; owner: boolean; media: MediaState } }
  | { type: 'left'; id: string }
  | { type: 'signal'; from: string; data: unknown }
  | { type: 'media'; from: string; media: MediaState }
  | { type: 'ejected'; reason: 'time' | 'removed' | 'replaced' | 'room_gone' }

type Write = (seq: number, message: Message) => void
type Line = {
  write: Write | undefined
  /** Real milliseconds since when no browser is connected. */
  downSince: number
  sent: { seq: number; message: Message }[]
  /** Starts at the time, so that it keeps growing over a restart of the sandbox. */
  seq: number
  media: MediaState
}

/** A person who is disconnected this long has left. */
const lostAfterMs = 8000
const checkEveryMs = 3000
const kept = 300

const books = new WeakMap<SandboxContext, Map<string, Line>>()

function lines(ctx: SandboxContext): Map<string, Line> {
  const known = books.get(ctx) ?? new Map<string, Line>()
  books.set(ctx, known)
  return known
}

function line(ctx: SandboxContext, id: string): Line {
  const known = lines(ctx).get(id)
  if (known) return known
  const made: Line = {
    write: undefined,
    downSince: performance.now(),
    sent: [],
    seq: Date.now(),
    media: { audio: false, video: false },
  }
  lines(ctx).set(id, made)
  return made
}

export const isConnected = (ctx: SandboxContext, id: string) => lines(ctx).get(id)?.write !== undefined
export const mediaOf = (ctx: SandboxContext, id: string) =>
  lines(ctx).get(id)?.media ?? { audio: false, video: false }

export function setMedia(ctx: SandboxContext, id: string, media: MediaState) {
  line(ctx, id).media = media
}

export function tell(ctx: SandboxContext, id: string, message: Message) {
  const one = line(ctx, id)
  one.seq++
  one.sent = [...one.sent, { seq: one.seq, message }].slice(-kept)
  one.write?.(one.seq, message)
}

export function tellOthers(ctx: SandboxContext, room: string, exceptId: string, message: Message) {
  for (const other of sessions(ctx, room)) {
    if (other.id !== exceptId && !other.scripted) tell(ctx, other.id, message)
  }
}

/**
 * Connects a browser and first repeats the messages after `lastSeq`. Returns the function that disconnects.
 */
export function openLine(ctx: SandboxContext, id: string, lastSeq: number, write: Write): () => void {
  const one = line(ctx, id)
  one.write = write
  for (const { seq, message } of one.sent) {
    if (seq > lastSeq) write(seq, message)
  }
  return () => {
    if (one.write !== write) return
    one.write = undefined
    one.downSince = performance.now()
  }
}

/**
 * Takes a browser's session out once it stays disconnected. A timer of the sandbox, so that it survives a
 * restart; the time is measured in real time, so that moving the clock ejects nobody.
 */
export function watch(ctx: SandboxContext, id: string) {
  line(ctx, id)
  ctx.schedule('daily', 'line', ctx.clock.now() + checkEveryMs, { sessionId: id })
}

export function checkLine(ctx: SandboxContext, id: string) {
  if (!session(ctx, id)) return
  const { write, downSince } = line(ctx, id)
  if (!write && performance.now() - downSince >= lostAfterMs) takeOut(ctx, id)
  else watch(ctx, id)
}

/** Ends a session and tells the others, and the page itself if a reason is given. False if it had ended. */
export function takeOut(
  ctx: SandboxContext,
  id: string,
  reason?: Extract<Message, { type: 'ejected' }>['reason'],
): boolean {
  const one = session(ctx, id)
  if (!one || !ctx.store.transaction(() => leave(ctx, id))) return false
  if (reason && !one.scripted) tell(ctx, id, { type: 'ejected', reason })
  lines(ctx).delete(id)
  tellOthers(ctx, one.room, id, { type: 'left', id })
  return true
}
