// The Chromium the browser tests use: the system's, or the one that Playwright installs.
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The path of a Chromium that may be run, or undefined. */
export function findChromium(): string | undefined {
  const folders = ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter)]
  const system = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isRunnable)
  if (system) return system
  const own = chromium.executablePath()
  return existsSync(own) ? own : undefined
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
