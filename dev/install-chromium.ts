// Ensures a Chromium for the browser tests; `--look` only answers, by its exit status, whether there is one.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findChromium } from './chromium.ts'
import { isRoot } from './unprivileged.ts'

const playwright = join(import.meta.dirname, '..', 'node_modules', 'playwright', 'cli.js')

/** The path of a Chromium that starts; Ubuntu's package, for one, is a stub that does not. */
function working(): string | undefined {
  const found = findChromium()
  return found && spawnSync(found, ['--version', '--no-sandbox']).status === 0 ? found : undefined
}

function tryTo(words: [string, ...string[]]): string {
  const [command, ...rest] = words
  const { status, stderr, error } = spawnSync(command, rest, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  return status === 0
    ? ''
    : `${words.join(' ')}: ${(error?.message ?? stderr ?? '').trim().split('\n').slice(-3).join('\n')}`
}

function install(): void {
  const complaints: string[] = []
  if (isRoot() && tryTo(['which', 'apt-get']) === '') {
    console.error('  Installing Chromium for the browser tests (apt-get install chromium).')
    complaints.push(tryTo(['apt-get', 'update']))
    complaints.push(tryTo(['apt-get', 'install', '-y', '--no-install-recommends', 'chromium']))
    if (working()) return
  }
  console.error('  Installing Chromium for the browser tests (playwright install chromium).')
  complaints.push(
    tryTo([process.execPath, playwright, 'install', ...(isRoot() ? ['--with-deps'] : []), 'chromium']),
  )
  if (working()) return
  console.error(
    [
      '',
      'The browser tests need a Chromium, and none could be installed:',
      ...complaints.filter(Boolean),
      "Install chromium or google-chrome with the system's package manager, then run npm test again.",
      '',
    ].join('\n'),
  )
  process.exitCode = 1
}

if (process.argv.includes('--look')) process.exitCode = findChromium() ? 0 : 1
else if (!working()) install()
