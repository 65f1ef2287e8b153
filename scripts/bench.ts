// npm run bench: measures on an instance of its own on this machine, prints, and asserts nothing. `-- --json`
// prints for machines; `-- --sessions 10000` sets how many sessions start in one minute (default 500, because
// at Daily's real limits 10,000 rooms take a quarter of an hour).
import { cpus, loadavg } from 'node:os'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { emptyProcessMs, startInstance, temporaryData } from '../bench/instance.ts'
import { measureCalendars } from '../bench/calendars.ts'
import { measureJavaScript } from '../bench/javascript.ts'
import { type Line, milliseconds, times } from '../bench/line.ts'
import { measurePayments } from '../bench/payments.ts'
import { measureJoin } from '../bench/join.ts'
import { measureRoom } from '../bench/room.ts'
import { measureScheduling } from '../bench/scheduling.ts'
import { measureSessions } from '../bench/sessions.ts'
import { measureSlots } from '../bench/slots.ts'
import { measureWebhooks } from '../bench/webhooks.ts'
import { chromiumArguments, findChromium } from '../dev/chromium.ts'
import { buildPages } from '../dev/pages.ts'

const isJson = process.argv.includes('--json')
const asked = process.argv.indexOf('--sessions')
const sessions = asked < 0 ? 500 : Number(process.argv[asked + 1])
const lines: Line[] = []

function add(...more: Line[]): void {
  lines.push(...more)
  if (isJson) return
  for (const { name, measured, aim, ratio } of more) {
    console.log(
      `\n${name}\n  measured  ${measured}${aim ? `\n  aim       ${aim}` : ''}${ratio ? `\n  beside    ${ratio}` : ''}`,
    )
  }
}

// On a busy machine the figures are distorted; the comparisons were measured under the same load.
const busy = loadavg()[0]!.toFixed(1)
const data = temporaryData()
// A fake camera and microphone.
const args = [...chromiumArguments(), '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
const executablePath = findChromium()
let stop: () => Promise<void> = async () => undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stop().then(() => process.exit(1)))
try {
  if (!isJson)
    console.log(
      `Measured on ${cpus().length} processors (${cpus()[0]?.model ?? 'unknown'}) where ${busy} others wanted to run. This takes about six minutes.`,
    )
  add(measureSlots())
  add(await measureCalendars())
  await buildPages(join(import.meta.dirname, '..'))
  const first = await startInstance(data.dataDir)
  stop = first.stop
  await first.world() // the first start plays in its first people; the next one finds them
  await first.stop()
  const second = await startInstance(data.dataDir)
  stop = second.stop
  const emptyMs = emptyProcessMs()
  add({
    name: 'start to first page, everything installed',
    measured: `${milliseconds(second.firstPageMs)}; the very first start, with a new database, ${milliseconds(first.firstPageMs)}`,
    values: { againMs: second.firstPageMs, firstMs: first.firstPageMs, emptyMs },
    aim: 'under 5 s',
    ratio: `${times(second.firstPageMs, emptyMs)} an empty Node.js process (${milliseconds(emptyMs)})`,
  })
  const world = await second.world()
  if (executablePath) {
    const browser = await chromium.launch({ executablePath, args })
    try {
      add(await measureJavaScript(browser, world.url))
      add(await measureRoom(browser, world))
      add(await measureJoin(browser, world, 'in a room of the stand-in for Daily'))
    } finally {
      await browser.close()
    }
  } else {
    console.error('No Chromium was found: what a browser is sent and sees was not measured.')
  }
  const authSecret = readFileSync(join(data.dataDir, 'auth-secret'), 'utf8').trim()
  add(...(await measureScheduling({ ...world, authSecret })))
  add(...(await measureWebhooks(world)))
  add(await measurePayments(world))
  add(...(await measureSessions(world, sessions)))
  if (executablePath) {
    await second.stop()
    const third = await startInstance(data.dataDir, { VIDEO: 'builtin' })
    stop = third.stop
    const browser = await chromium.launch({ executablePath, args })
    try {
      add(await measureJoin(browser, await third.world(), 'in a room of our own'))
    } finally {
      await browser.close()
    }
  }
} finally {
  await stop()
  data.remove()
}
if (isJson)
  console.log(JSON.stringify({ processors: cpus().length, loadBefore: Number(busy), lines }, null, 2))
