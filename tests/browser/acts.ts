// What people do on the pages, finding everything by the roles, labels and words that they see.
import type { FrameLocator, Locator, Page } from 'playwright'
import { phoneOf, waitFor } from '../../world/person.ts'
import type { Visitor } from './visitor.ts'

/** Types a number and the code from that phone; a new member gives a name. */
export async function signIn(
  { page, presence }: Visitor,
  mobileNumber: string,
  newName?: string,
): Promise<void> {
  const before = (await phoneOf(presence, mobileNumber)).length
  await page.getByLabel('Mobile number').fill(mobileNumber)
  await page.getByRole('button', { name: 'Text me a code' }).click()
  const code = await waitFor('the sign-in code', async () =>
    (await phoneOf(presence, mobileNumber))
      .slice(before)
      .map(({ body }) => /\b\d{6}\b/.exec(body)?.[0])
      .find(Boolean),
  )
  await page.getByLabel('6-digit code').fill(code)
  if (newName === undefined) return
  await page.getByLabel('Your name').fill(newName)
  await page.getByRole('button', { name: 'Continue' }).click()
}

/** Gives somebody's focus to what is shown, once it takes it: a disabled button does not, and says nothing. */
export async function focusOn(shown: Locator): Promise<void> {
  await waitFor('the focus', async () => {
    await shown.focus()
    return shown.evaluate((one) => one === document.activeElement)
  })
}

/** From the list of hosts to the open payment page of one session. */
export async function chooseSession(page: Page, hostName: string): Promise<FrameLocator> {
  await page.getByRole('link', { name: hostName }).click()
  await page.getByRole('heading', { name: 'Choose a plan' }).waitFor()
  await page.getByRole('button', { name: 'Choose one session' }).click()
  return paymentPage(page)
}

/** Reads what is asked before the first payment or at a host's first sign-in, ticks all of it and agrees. */
export async function agree(page: Page): Promise<void> {
  const form = page.getByRole('form', { name: 'Before you begin' })
  await form.waitFor()
  const button = form.getByRole('button', { name: 'Agree and continue' })
  for (const box of await form.getByRole('checkbox').all()) if (await button.isDisabled()) await box.check()
  await button.click()
  await form.waitFor({ state: 'detached' })
}

/** The embedded payment page, ready to be filled in; whoever pays for the first time agrees before. */
export async function paymentPage(page: Page): Promise<FrameLocator> {
  const frame = page.frameLocator('iframe[name="embedded-checkout"]')
  const asked = page.getByRole('form', { name: 'Before you begin' })
  await asked.or(page.locator('iframe[name="embedded-checkout"]')).first().waitFor()
  if ((await asked.count()) > 0) await agree(page)
  await frame.getByRole('button', { name: /^Pay A?\$/ }).waitFor()
  return frame
}

export async function payWith(frame: FrameLocator, cardNumber: string): Promise<void> {
  const email = frame.getByLabel('Email')
  if (await email.isEditable()) await email.fill('sam@example.com')
  await frame.getByLabel('Card number').fill('')
  await frame.getByLabel('Card number').pressSequentially(cardNumber)
  await frame.getByLabel('Expiration').fill('')
  await frame.getByLabel('Expiration').pressSequentially('1240')
  await frame.getByLabel('CVC').fill('123')
  await frame.getByLabel('Cardholder name').fill('Sam Rivers')
  await frame.getByRole('button', { name: /^Pay A?\$/ }).click()
}

/** Chooses the last free time shown, which is hours away. Returns the words of its button. */
export async function chooseTime(page: Page): Promise<string> {
  const time = page.getByRole('button', { name: /^\d{1,2}:\d{2}\s?[ap]m$/ }).last()
  const words = await time.innerText()
  await time.click()
  return words
}

type Moment = { frames: number; seconds: number; pixels: number[] }

/** The picture of the other person, in the frame of a provider's room or on the page itself. */
const pictureIn = (page: Page, isOwnRoom = false) =>
  (isOwnRoom ? page : page.frameLocator('iframe[title^="Video with"]')).locator('video[data-remote]')

/** A failed connection is retried after 15 seconds, and a busy machine needs time for that. */
const pictureSeconds = 45

/** Waits until the picture of the other person plays: frames arrive, its time runs, and its pixels change. */
export async function seeMovingPicture(page: Page, isOwnRoom = false): Promise<void> {
  const video = pictureIn(page, isOwnRoom)
  const look = (): Promise<Moment> =>
    video.evaluate((element) => {
      const playing = element as HTMLVideoElement
      const canvas = document.createElement('canvas')
      canvas.width = 48
      canvas.height = 36
      const pen = canvas.getContext('2d')!
      pen.drawImage(playing, 0, 0, canvas.width, canvas.height)
      const { data } = pen.getImageData(0, 0, canvas.width, canvas.height)
      return {
        frames: playing.getVideoPlaybackQuality().totalVideoFrames,
        seconds: playing.currentTime,
        pixels: [...data],
      }
    })
  await video.waitFor()
  const first = await waitFor(
    'a picture that is not black',
    async () => {
      const moment = await look()
      return moment.pixels.some((value, index) => index % 4 !== 3 && value > 60) && moment
    },
    pictureSeconds,
  )
  await waitFor(
    'a picture that moves',
    async () => {
      const moment = await look()
      const changed = moment.pixels.filter(
        (value, index) => Math.abs(value - first.pixels[index]!) > 24,
      ).length
      return moment.frames > first.frames + 10 && moment.seconds > first.seconds && changed > 10
    },
    pictureSeconds,
  )
}
