// What a browser in a room talks to: the page, its scripts and the signalling. Visitors played by scripts
// enter here too.
import { readFileSync } from 'node:fs'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { stripTypeScriptTypes } from 'node:module'
import type { SandboxContext } from '../core/provider.ts'
import { isRecord } from './answers.ts'
import { isConnected, mediaOf, openLine, setMedia, takeOut, tell, tellOthers } from './lines.ts'
import { session, sessions } from './meeting.ts'
import type { Session } from './meeting.ts'
import { visit } from './visit.ts'

const pageFiles = {
  'room.css': 'text/css',
  'room.ts': '',
  'call.ts': '',
  'line.ts': '',
  'media.ts': '',
  'view.ts': '',
}
/** What the style sheet of the room consists of, in the order of the cascade. */
const styles = ['base', 'stage', 'screens', 'controls']
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self' blob:; img-src 'self' data:"
const keepAliveMs = 5000

/** Routes under /daily and /_sandbox/daily. */
export function dailyPages(ctx: SandboxContext): Hono {
  const app = new Hono()
  const files = new Map<string, string>()
  app.get('/daily-page/:file', (c) => {
    const file = c.req.param('file')
    if (!Object.hasOwn(pageFiles, file)) return c.notFound()
    const text = files.get(file) ?? pageText(file)
    files.set(file, text)
    const type = file.endsWith('.css') ? 'text/css' : 'text/javascript'
    return c.body(text, 200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' })
  })
  app.get('/daily/:name', (c) => {
    c.header('content-security-policy', policy)
    c.header('referrer-policy', 'no-referrer')
    return c.html(pageText('room.html'))
  })
  app.post('/daily/:name/join', async (c) => {
    const body = await bodyOf(c)
    const replaces = isRecord(body['replaces'])
      ? { id: String(body['replaces']['id']), key: String(body['replaces']['key']) }
      : undefined
    const result = visit(ctx, c.req.param('name'), {
      token: String(body['token'] ?? ''),
      scripted: false,
      replaces,
    })
    if ('refusal' in result) return c.json(result.refusal, 403)
    const me = result.session
    const others = sessions(ctx, me.room)
      .filter((one) => one.id !== me.id)
      .map((one) => ({
        id: one.id,
        name: one.userName,
        owner: one.owner,
        scripted: one.scripted,
        media: mediaOf(ctx, one.id),
      }))
    const { id, key, userName: name, owner, startAudioOff, startVideoOff } = me
    return c.json({ id, key, name, owner, startAudioOff, startVideoOff, others })
  })
  app.get('/daily/:name/events', (c) => {
    const me = known(ctx, c.req.param('name'), c.req.query('session'), c.req.query('key'))
    if (!me) return c.json({ reason: 'gone' }, 410)
    const lastSeq = Number(c.req.header('last-event-id') ?? 0) || 0
    return streamSSE(c, async (stream) => {
      const close = openLine(
        ctx,
        me.id,
        lastSeq,
        (seq, message) => void stream.writeSSE({ id: String(seq), data: JSON.stringify(message) }),
      )
      stream.onAbort(close)
      while (!stream.aborted && isConnected(ctx, me.id)) {
        await stream.write(': here\n\n')
        await stream.sleep(keepAliveMs)
      }
    })
  })
  app.post('/daily/:name/signal', async (c) => {
    const body = await bodyOf(c)
    const me = known(ctx, c.req.param('name'), body['session'], body['key'])
    if (!me) return c.json({ reason: 'gone' }, 410)
    const { to, data, media } = body
    if (isRecord(media)) {
      const state = { audio: media['audio'] === true, video: media['video'] === true }
      setMedia(ctx, me.id, state)
      tellOthers(ctx, me.room, me.id, { type: 'media', from: me.id, media: state })
    } else {
      const other = typeof to === 'string' ? session(ctx, to) : undefined
      if (other && other.room === me.room && !other.scripted)
        tell(ctx, other.id, { type: 'signal', from: me.id, data })
    }
    return c.body(null, 204)
  })
  app.post('/daily/:name/leave', async (c) => {
    const body = await bodyOf(c)
    const me = known(ctx, c.req.param('name'), body['session'], body['key'])
    if (me) takeOut(ctx, me.id)
    return c.body(null, 204)
  })
  app.post('/_sandbox/daily/rooms/:name/join', async (c) => {
    const body = await bodyOf(c)
    const result = visit(ctx, c.req.param('name'), { token: String(body['token'] ?? ''), scripted: true })
    return 'refusal' in result ? c.json(result.refusal, 403) : c.json({ sessionId: result.session.id })
  })
  app.post('/_sandbox/daily/rooms/:name/leave', async (c) => {
    const body = await bodyOf(c)
    const one = session(ctx, String(body['sessionId']))
    if (!one || one.room !== c.req.param('name')) return c.json({ reason: 'gone' }, 404)
    takeOut(ctx, one.id)
    return c.json({ sessionId: one.id })
  })
  return app
}

function known(ctx: SandboxContext, room: string, id: unknown, key: unknown): Session | undefined {
  const one = typeof id === 'string' ? session(ctx, id) : undefined
  return one && one.room === room && one.key === key ? one : undefined
}

async function bodyOf(c: Context): Promise<Record<string, unknown>> {
  const text = await c.req.text()
  try {
    const parsed: unknown = JSON.parse(text)
    return isRecord(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

/** A file of the page; TypeScript is stripped to JavaScript, and the style is concatenated. */
function pageText(file: string): string {
  if (file === 'room.css') return styles.map((name) => pageText(`style/${name}.css`)).join('\n')
  const text = readFileSync(new URL(`page/${file}`, import.meta.url), 'utf8')
  if (!file.endsWith('.ts')) return text
  // Mutes Node's warning that this function is experimental.
  const warn = process.emitWarning
  process.emitWarning = () => undefined
  try {
    return stripTypeScriptTypes(text)
  } finally {
    process.emitWarning = warn
  }
}
