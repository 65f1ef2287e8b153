import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium } from 'playwright'
import type { Browser, Frame, Page } from 'playwright'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { chromiumArguments, findChromium } from '../../dev/chromium.ts'
import { startDaily } from './testing/world.ts'
import type { World } from './testing/world.ts'

const executablePath = findChromium()
const flags = [
  // Without this a browser without a camera is reachable only by a local multicast name.
  ...chromiumArguments(['WebRtcHideLocalIpsWithMdns']),
  '--autoplay-policy=no-user-gesture-required',
]
const fakeDevices = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']

/** The browsers of other test files may need the processors at the same time. */
const patienceMs = 90_000

let browser: Browser
beforeAll(async () => {
  if (executablePath) browser = await chromium.launch({ executablePath, args: [...flags, ...fakeDevices] })
})
afterAll(async () => browser?.close())

async function openPage(address: string, from = browser): Promise<Page> {
  const context = await from.newContext({ viewport: { width: 390, height: 844 } })
  onTestFinished(() => context.close())
  context.setDefaultTimeout(patienceMs)
  const page = await context.newPage()
  await page.goto(address)
  return page
}

const framesOf = (page: Page | Frame) =>
  page.evaluate(
    () =>
      document.querySelector<HTMLVideoElement>('[data-remote]')?.getVideoPlaybackQuality().totalVideoFrames ??
      0,
  )

/** Waits until the other person's picture has moved by ten frames. */
async function picturesMove(page: Page | Frame) {
  await page.waitForSelector('[data-remote]')
  const before = await framesOf(page)
  await page.waitForFunction(
    (seen) =>
      (document.querySelector<HTMLVideoElement>('[data-remote]')?.getVideoPlaybackQuality()
        .totalVideoFrames ?? 0) >
      seen + 10,
    before,
  )
}

async function until(isSo: () => boolean | Promise<boolean>) {
  while (!(await isSo())) await sleep(50)
}

const told = (world: World, type: string) =>
  world.hooks
    .filter((hook) => hook.event['type'] === type)
    .map((hook) => hook.event['payload'].user_id ?? hook.event['payload'].room)

describe.skipIf(!executablePath)('a room in the browser (needs Chromium)', () => {
  test('two people see each other, a reload brings one back, and leaving is reported', async () => {
    const world = await startDaily()
    const { name, token } = await world.room({ max_participants: 2 })
    const address = async (id: string, userName: string) =>
      `${world.base}/daily/${name}?t=${await token({ user_id: id, user_name: userName })}`
    const amelia = await openPage(await address('a', 'Amelia Hart'))
    await amelia.getByText('Waiting for the other person…').waitFor()
    const sam = await openPage(await address('b', 'Sam Rivers'))
    await Promise.all([picturesMove(amelia), picturesMove(sam)])
    expect(await amelia.locator('.tile .name').innerText()).toBe('Sam Rivers')

    await sam.getByRole('button', { name: 'Turn camera off' }).click()
    await amelia.locator('.tile.no-picture').waitFor()
    await sam.reload()
    await Promise.all([picturesMove(amelia), picturesMove(sam)])
    expect(await amelia.locator('.tile').count()).toBe(1)

    const third = await openPage(await address('c', 'Kim'))
    await third.getByRole('heading', { name: 'This room is full' }).waitFor()

    await sam.getByRole('button', { name: 'Leave the session' }).click()
    await sam.getByRole('heading', { name: 'You left the session' }).waitFor()
    await amelia.getByText('Waiting for the other person…').waitFor()
    await amelia.close()
    await until(() => told(world, 'meeting.ended').length === 1)
    expect(told(world, 'participant.joined').sort()).toEqual(['a', 'b', 'b'])
    expect(told(world, 'participant.left').sort()).toEqual(['a', 'b', 'b'])
  })

  test('the room works in a frame of another site and names a scripted visitor', async () => {
    const world = await startDaily()
    const { name, token } = await world.room()
    const outside = createServer((_request, response) => {
      response
        .setHeader('content-type', 'text/html')
        .end('<iframe allow="camera; microphone; autoplay" style="width:380px;height:600px"></iframe>')
    })
    await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void outside.close())
    await world.post(`/_sandbox/daily/rooms/${name}/join`, { token: await token({ user_name: 'Robot' }) })
    const page = await openPage(`http://127.0.0.1:${(outside.address() as AddressInfo).port}/`)
    const address = `http://localhost:${world.sandbox.port}/daily/${name}?t=${await token({ user_id: 'a' })}`
    await page.evaluate((src) => document.querySelector('iframe')?.setAttribute('src', src), address)
    const frame = page.frameLocator('iframe')
    await frame.getByText('Robot').waitFor()
    await frame.getByRole('button', { name: 'Turn microphone off' }).waitFor()
  })

  test('a person ejected at the end of the time is told so', async () => {
    const world = await startDaily()
    const { name, token } = await world.room({ eject_at_room_exp: true })
    const page = await openPage(`${world.base}/daily/${name}?t=${await token()}`)
    await page.getByText('Waiting for the other person…').waitFor()
    await world.advance(3_601_000)
    await page.getByRole('heading', { name: 'This session is over' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'This room has closed' }).waitFor()
  })

  test('nobody enters without a valid invitation, and the page says why', async () => {
    const world = await startDaily()
    const { name, token } = await world.room()
    const other = await world.room()
    const page = await openPage(`${world.base}/daily/${name}`)
    const isRefused = () => page.getByRole('heading', { name: "You can't join this room" }).waitFor()
    await isRefused()
    await page.goto(`${world.base}/daily/${name}?t=${await other.token()}`)
    await isRefused()
    await page.goto(`${world.base}/daily/${name}?t=${await token({ exp: world.nowSeconds() - 1 })}`)
    await page.getByText('Your invitation has expired').waitFor()
    await page.goto(`${world.base}/daily/nowhere?t=${await token()}`)
    await page.getByRole('heading', { name: 'This room does not exist' }).waitFor()
    await page.goto(`${world.base}/daily/${name}?t=${await token({ nbf: world.nowSeconds() + 60 })}`)
    await page.getByRole('heading', { name: 'You are early' }).waitFor()
    await world.advance(61_000)
    await page.getByText('Waiting for the other person…').waitFor()
  })

  test('a person without a camera joins, is told so, and sees the other', async () => {
    const world = await startDaily()
    const { name, token } = await world.room()
    // Where the machine has a camera after all, nobody answers the browser's permission prompt.
    const bare = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: [...flags, '--deny-permission-prompts'],
    })
    onTestFinished(() => bare.close())
    const blind = await openPage(
      `${world.base}/daily/${name}?t=${await token({ user_id: 'b', user_name: 'Sam' })}`,
      bare,
    )
    await blind.locator('#notice').waitFor()
    const other = await openPage(
      `${world.base}/daily/${name}?t=${await token({ user_id: 'a', user_name: 'Amelia' })}`,
    )
    await picturesMove(blind)
    await other.locator('.tile.no-picture').waitFor()
  })
})
