// A whole Presence with its pages built, and a Chromium whose people have a camera, a phone and an address
// bar.
import { type Browser, type BrowserContextOptions, chromium } from 'playwright'
import { findChromium } from '../../dev/chromium.ts'
import { type Presence, type PresenceOptions, startPresence } from '../harness/presence.ts'
import { openVisitor, type Visitor } from './visitor.ts'

export const chromiumPath = findChromium()

// The second of its three cameras has a format that Chromium shows and cannot send.
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream=device-count=3',
  '--use-fake-ui-for-media-stream',
]

/**
 * Every run begins at the same moment, so that no result depends on the hour or the day: a Wednesday, 9 in
 * the morning in Melbourne.
 */
export const beginning = '2027-03-03T09:00:00+11:00'

export type BrowserWorld = {
  presence: Presence
  /** Somebody with a browser of their own: cookies, cameras and what it complained about. */
  visitor: (options?: BrowserContextOptions) => Promise<Visitor>
  stop: () => Promise<void>
}

export async function openBrowserWorld(options: PresenceOptions = {}): Promise<BrowserWorld> {
  const presence = await startPresence(options)
  let browser: Browser | undefined
  const stop = async () => {
    await browser?.close()
    await presence.stop()
  }
  try {
    await presence.moveClock({ to: beginning })
    browser = await chromium.launch({ executablePath: chromiumPath!, args: chromiumFlags })
  } catch (error) {
    await stop()
    throw error
  }
  const open = browser
  return { presence, visitor: (options) => openVisitor(open, presence, options), stop }
}
