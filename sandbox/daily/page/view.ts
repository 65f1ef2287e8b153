// What the person sees. Only this file touches the page's elements.
import type { Media } from './line.ts'

function element<T extends Element = HTMLElement>(selector: string, within: ParentNode = document): T {
  const found = within.querySelector<T>(selector)
  if (!found) throw new Error(`no ${selector}`)
  return found
}

const stage = element('#stage')
const self = element('#self')
const localVideo = element<HTMLVideoElement>('[data-local]')
export const buttons = {
  mic: element<HTMLButtonElement>('#mic'),
  camera: element<HTMLButtonElement>('#camera'),
  leave: element<HTMLButtonElement>('#leave'),
}

export type Phase = 'joining' | 'inside' | 'over'

export function setPhase(phase: Phase) {
  document.body.dataset['phase'] = phase
  element('#controls').hidden = phase !== 'inside'
  self.hidden = phase !== 'inside'
  if (phase !== 'inside') hideNotice()
  if (phase !== 'over') element('#end').hidden = true
  if (phase === 'over') {
    stage.replaceChildren()
    showWaiting(undefined)
  }
}

export function showWaiting(text: string | undefined) {
  element('#waiting').hidden = text === undefined
  element('#waiting-text').textContent = text ?? ''
}

export function showEnd(title: string, text: string, action?: { label: string; act: () => void }) {
  setPhase('over')
  const end = element('#end')
  element('h1', end).textContent = title
  element('p', end).textContent = text
  const button = element<HTMLButtonElement>('button', end)
  button.hidden = !action
  button.textContent = action?.label ?? ''
  button.onclick = action ? action.act : null
  end.hidden = false
}

export function showNotice(text: string, action?: { label: string; act: () => void }) {
  const notice = element('#notice')
  element('p', notice).textContent = text
  const button = element<HTMLButtonElement>('button', notice)
  button.textContent = action?.label ?? 'OK'
  button.onclick = () => {
    hideNotice()
    action?.act()
  }
  notice.hidden = false
}

export function hideNotice() {
  element('#notice').hidden = true
}

export function setSelf(name: string, stream: MediaStream, media: Media) {
  element('#self-name').textContent = name ? `${name} (you)` : 'You'
  if (localVideo.srcObject !== stream) localVideo.srcObject = stream
  self.classList.toggle('no-picture', !media.video)
  element('.muted-mark', self).hidden = media.audio
  initials(element('.initials', self), name || 'You')
  const show = (button: HTMLButtonElement, isOn: boolean, has: boolean, what: string) => {
    button.setAttribute('aria-pressed', String(!isOn))
    button.disabled = !has
    button.setAttribute('aria-label', has ? `Turn ${what} ${isOn ? 'off' : 'on'}` : `No ${what}`)
  }
  show(buttons.mic, media.audio, stream.getAudioTracks().length > 0, 'microphone')
  show(buttons.camera, media.video, stream.getVideoTracks().length > 0, 'camera')
}

const tiles = new Map<string, HTMLElement>()

export function addTile(id: string, name: string, media: Media) {
  const tile = document.createElement('article')
  tile.className = 'tile'
  tile.innerHTML =
    '<video data-remote autoplay playsinline></video><div class="initials" aria-hidden="true"></div>' +
    '<p class="name"><span class="muted-mark" aria-label="microphone off"><svg viewBox="0 0 24 24"><use href="#mic-off"/></svg></span><b></b></p>'
  element('b', tile).textContent = name || 'Guest'
  initials(element('.initials', tile), name || 'Guest')
  tiles.set(id, tile)
  stage.append(tile)
  setTileMedia(id, media)
}

export function setTileStream(id: string, stream: MediaStream) {
  const tile = tiles.get(id)
  if (!tile) return
  const video = element<HTMLVideoElement>('video', tile)
  if (video.srcObject !== stream) video.srcObject = stream
  video.play().catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== 'NotAllowedError') return
    showNotice('Your browser waits for a tap before it plays sound.', {
      label: 'Play sound',
      act: () => void video.play(),
    })
  })
}

export function setTileMedia(id: string, media: Media) {
  const tile = tiles.get(id)
  if (!tile) return
  tile.classList.toggle('no-picture', !media.video)
  element('.muted-mark', tile).hidden = media.audio
}

export function removeTile(id: string) {
  tiles.get(id)?.remove()
  tiles.delete(id)
}

function initials(place: HTMLElement, name: string) {
  const letters = name
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => [...word][0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase()
  const circle = document.createElement('span')
  circle.textContent = letters
  place.replaceChildren(circle)
}
