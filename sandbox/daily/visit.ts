// One attempt to enter a room, by a browser or by a script: the same checks, the same events.
import type { SandboxContext } from '../core/provider.ts'
import { refusal } from './admission.ts'
import type { Refusal } from './admission.ts'
import { isConnected, mediaOf, takeOut, tellOthers, watch } from './lines.ts'
import { enter, session, sessions } from './meeting.ts'
import type { Session } from './meeting.ts'
import { keptRoom } from './room.ts'
import { readToken } from './token.ts'

export type Entry = {
  token: string
  scripted: boolean
  /** The session this browser had before it was reloaded. */
  replaces?: { id: string; key: string } | undefined
}

export function domainId(ctx: SandboxContext): string {
  return ctx.store.get<{ id: string }>('daily.domain', 'domain')?.id ?? ''
}

/** Enters the room, or returns the refusal. */
export function visit(
  ctx: SandboxContext,
  name: string,
  entry: Entry,
): { session: Session } | { refusal: Refusal } {
  const room = keptRoom(ctx, name)
  const token = entry.token ? readToken(entry.token, ctx.keys['DAILY_API_KEY'] ?? '') : undefined
  const isUnique = room?.properties['enforce_unique_user_ids'] === true
  const isSamePerson = (one: Session) => token?.user_id !== undefined && one.userId === token.user_id
  const before = entry.replaces && session(ctx, entry.replaces.id)
  const replaced = sessions(ctx, name).filter(
    (one) =>
      (before?.id === one.id && before.key === entry.replaces?.key) ||
      (isSamePerson(one) && (isUnique || (!one.scripted && !isConnected(ctx, one.id)))),
  )
  const refused = refusal({
    room,
    token,
    hasToken: entry.token !== '',
    domainId: domainId(ctx),
    nowMs: ctx.clock.now(),
    presentCount: sessions(ctx, name).length - replaced.length,
  })
  if (refused || !room) return { refusal: refused ?? { reason: 'no_room' } }
  const made = ctx.store.transaction(() => {
    const one = enter(ctx, room, token, entry.scripted)
    if (!one.scripted) watch(ctx, one.id)
    for (const old of replaced) takeOut(ctx, old.id, 'replaced')
    return one
  })
  const { id, userName, owner } = made
  tellOthers(ctx, name, id, {
    type: 'joined',
    participant: { id, name: userName, owner, media: mediaOf(ctx, id) },
  })
  return { session: made }
}
