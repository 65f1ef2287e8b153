// A whole Presence with its pages, and a Chromium with fake cameras and microphones.
import { type Browser, type BrowserContextOptions, chromium } from 'playwright'
import { chromiumArguments, findChromium } from '../../dev/chromium.ts'
import { type Presence, type PresenceOptions, startPresence } from '../harness/presence.ts'
import { openVisitor, type Visitor } from './visitor.ts'

export const chromiumPath = findChromium()

// The second of the three cameras has a format that Chromium can show but not send.
const chromiumFlags = [
  ...chromiumArguments(),
  '--use-fake-device-for-media-stream=device-count=3',
  '--use-fake-ui-for-media-stream',
]

/**
 * Every run begins at the same moment, a Wednesday at 9 in Melbourne, so that no result depends on the hour
 * or day.
 */
const beginning = '2027-03-03T09:00:00+11:00'

export type BrowserWorld = {
  presence: Presence
  /** A person with a browser context of their own: cookies, devices and complaints. */
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
