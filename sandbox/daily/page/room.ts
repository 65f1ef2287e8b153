// The room, from opening the page to leaving it.
import { openPeer } from './call.ts'
import type { Peer } from './call.ts'
import { join, openLine } from './line.ts'
import type { Joined, Line, Message, Participant, Refusal } from './line.ts'
import { ownMedia } from './media.ts'
import * as view from './view.ts'

const token = new URLSearchParams(location.search).get('t') ?? ''
const memory = `daily:${location.pathname}`
const retryMs = 4000

let me: Joined | undefined
let line: Line | undefined
let stream = new MediaStream()
let wanted = { audio: true, video: true }
const others = new Map<string, Participant>()
const peers = new Map<string, Peer>()

const media = () => ({
  audio: wanted.audio && stream.getAudioTracks().length > 0,
  video: wanted.video && stream.getVideoTracks().length > 0,
})
const tracks = () => ({ audio: stream.getAudioTracks()[0], video: stream.getVideoTracks()[0] })

async function enter() {
  view.setPhase('joining')
  view.showWaiting('Joining…')
  const result = await join(token, remembered())
  if (result === 'unreachable') {
    view.showWaiting('We cannot reach the room. Trying again…')
    setTimeout(() => void enter(), retryMs)
    return
  }
  if ('reason' in result) return refuse(result)
  me = result
  remember(result)
  others.clear()
  if (result.startAudioOff || result.startVideoOff)
    wanted = { audio: !result.startAudioOff, video: !result.startVideoOff }
  view.setPhase('inside')
  line = openLine(result, hear, enterAgain, (isDown) => {
    if (isDown) view.showNotice('Your connection is unstable. We are reconnecting…')
    else view.hideNotice()
  })
  for (const other of result.others) meet(other, true)
  showPeople()
  await turnOn()
}

/** Starts camera and microphone and tells everybody. Entering the room does not wait for it. */
async function turnOn() {
  if (stream.getTracks().some((track) => track.readyState === 'live')) return showOwn()
  showOwn()
  const own = await ownMedia()
  stream = own.stream
  for (const track of stream.getTracks()) track.onended = showOwn
  if (own.problem) {
    view.showNotice(
      own.problem.text,
      own.problem.canRetry ? { label: 'Try again', act: () => void turnOn() } : undefined,
    )
  }
  showOwn()
  for (const peer of peers.values()) await peer.setTracks(tracks())
}

function showOwn() {
  if (!me) return
  for (const track of stream.getAudioTracks()) track.enabled = wanted.audio
  for (const track of stream.getVideoTracks()) track.enabled = wanted.video
  view.setSelf(me.name, stream, media())
  line?.send({ media: media() })
}

function meet(other: Participant, isFirst: boolean) {
  if (others.has(other.id) || !me) return
  others.set(other.id, other)
  view.addTile(other.id, other.name, other.media)
  if (other.scripted) return
  peers.set(
    other.id,
    openPeer({
      isFirst,
      isPolite: me.id < other.id,
      tracks: tracks(),
      send: (data) => line?.send({ to: other.id, data }),
      onStream: (remote) => view.setTileStream(other.id, remote),
      onState: (state) => document.body.setAttribute('data-connection', state),
    }),
  )
}

function part(id: string) {
  peers.get(id)?.close()
  peers.delete(id)
  others.delete(id)
  view.removeTile(id)
}

function hear(message: Message) {
  switch (message.type) {
    case 'joined':
      meet(message.participant, false)
      break
    case 'left':
      part(message.id)
      break
    case 'signal':
      void peers.get(message.from)?.receive(message.data)
      break
    case 'media':
      view.setTileMedia(message.from, message.media)
      break
    case 'ejected':
      return over(message.reason)
  }
  showPeople()
}

function showPeople() {
  view.showWaiting(others.size > 0 ? undefined : 'Waiting for the other person…')
}

function hangUp() {
  for (const id of others.keys()) part(id)
  for (const track of stream.getTracks()) track.stop()
  stream = new MediaStream()
  me = undefined
  line = undefined
}

function enterAgain() {
  for (const id of others.keys()) part(id)
  view.showWaiting('Reconnecting…')
  void enter()
}

function over(reason: string) {
  line?.close()
  hangUp()
  forget()
  const words: Record<string, [string, string]> = {
    time: ['This session is over', 'The time is up. Thank you for being here.'],
    replaced: ['You joined from another window', 'This window is no longer part of the session.'],
  }
  const [title, text] = words[reason] ?? ['You were removed from this room', 'The session has ended for you.']
  view.showEnd(title, text)
}

function refuse({ reason, opensAt }: Refusal) {
  hangUp()
  switch (reason) {
    case 'room_expired':
      return view.showEnd('This room has closed', 'The time of this session is over.')
    case 'no_room':
      return view.showEnd('This room does not exist', 'Go back and open the session again.')
    case 'full':
      return view.showEnd('This room is full', 'Everyone who was expected is already here.', again)
    case 'token_expired':
      return view.showEnd(
        "You can't join this room",
        'Your invitation has expired. Go back and open the session again.',
      )
    case 'not_yet': {
      const time = new Date(opensAt ?? 0).toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' })
      view.showEnd('You are early', `This room opens at ${time}. We will let you in as soon as it does.`)
      setTimeout(() => void enter(), retryMs)
      return
    }
    default:
      return view.showEnd(
        "You can't join this room",
        'Your invitation is not valid here. Go back and open the session again.',
      )
  }
}

const again = { label: 'Try again', act: () => void enter() }

view.buttons.mic.onclick = () => {
  wanted = { ...wanted, audio: !wanted.audio }
  showOwn()
}
view.buttons.camera.onclick = () => {
  wanted = { ...wanted, video: !wanted.video }
  showOwn()
}
// Like an embedded Prebuilt without its leave button: the page around it has its own way out.
if (window.self !== window.top) view.buttons.leave.hidden = true
view.buttons.leave.onclick = () => {
  line?.leave()
  hangUp()
  forget()
  view.showEnd('You left the session', 'You can close this window or come back in.', {
    label: 'Join again',
    act: () => void enter(),
  })
}
addEventListener('pagehide', () => line?.leave())
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload()
})

function remembered(): { id: string; key: string } | undefined {
  const kept = storage()?.getItem(memory)
  return kept ? JSON.parse(kept) : undefined
}
function remember({ id, key }: Joined) {
  storage()?.setItem(memory, JSON.stringify({ id, key }))
}
function forget() {
  storage()?.removeItem(memory)
}
/** Storage may be forbidden inside a frame. */
function storage(): Storage | undefined {
  try {
    return sessionStorage
  } catch {
    return undefined
  }
}

void enter()
