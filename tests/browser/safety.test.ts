// A member who reports somebody, and a host who signs in for the first time, as they see it.
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { FoundPurchases } from '../../server/journey/operations/found-purchases-view.ts'
import type { Operations } from '../../server/journey/operations/operations-view.ts'
import {
  type Host,
  bookingStartingIn,
  paidPurchase,
  signedInHost,
  signedInMember,
  signedInOperator,
} from '../people/actors.ts'
import { query, smsArrives } from '../people/evidence.ts'
import { type Person, phoneOf, waitFor } from '../../world/person.ts'
import { agree, signIn } from './acts.ts'
import { openAs, type Visitor } from './visitor.ts'
import { type BrowserWorld, chromiumPath, openBrowserWorld } from './world.ts'

const rubyNumber = '+61491571804'

describe.skipIf(!chromiumPath)('safety on the pages (needs Chromium)', () => {
  let world: BrowserWorld
  let amelia: Host
  const here: Visitor[] = []
  beforeAll(async () => {
    world = await openBrowserWorld()
    amelia = await signedInHost(world.presence, 'Amelia Hart')
  })
  afterEach(async () => {
    for (const visitor of here.splice(0)) await visitor.leave()
  })
  afterAll(() => world?.stop())

  async function browserOf(person: Person | undefined, width = 390): Promise<Page> {
    const visitor = await world.visitor({ viewport: { width, height: 844 }, serviceWorkers: 'block' })
    here.push(visitor)
    if (person) await openAs(visitor, person)
    return visitor.page
  }

  test('a member reports a host, never sees them again, and is told the truth until it is decided', async () => {
    const member = await signedInMember(world.presence, 'Robin Ray')
    await bookingStartingIn(50 * 60, member, amelia)
    const operator = await signedInOperator(world.presence)
    const [page, ops] = [await browserOf(member), await browserOf(operator, 1280)]
    await ops.goto('/ops')
    await ops.getByRole('heading', { name: 'To decide' }).waitFor()

    await page.goto('/')
    await page
      .getByRole('button', { name: /Details/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'Report or block Amelia' }).click()
    const dialog = page.getByRole('dialog', { name: 'Report or block' })
    await dialog.getByText('Presence is no emergency service').waitFor()
    await dialog.getByRole('link', { name: '13 11 14' }).waitFor()
    await dialog.getByLabel(/What happened/).fill('I was threatened.')
    await dialog.getByRole('button', { name: 'Send report' }).click()
    await page.getByText(/A person reads it/).waitFor()
    await page.goto('/')
    await page.getByText('We ended this session. Meet another host, or take a refund').waitFor()
    expect(await page.getByText("couldn't make it").count()).toBe(0)
    await page
      .getByRole('link', { name: /Pick a time/ })
      .first()
      .click()
    await page.getByRole('link', { name: 'Choose another host' }).waitFor()
    await page.goto('/host-selection')
    await page.getByRole('heading', { level: 2 }).first().waitFor()
    expect(await page.getByRole('heading', { name: 'Amelia Hart' }).count()).toBe(0)

    // Operators hear of it without a reload, most urgent first, and by SMS.
    await ops.getByText('Possible danger · ').waitFor()
    await ops.getByText('1 report waits').first().waitFor({ state: 'attached' })
    await smsArrives(world.presence, operator.mobileNumber, 'POSSIBLE DANGER')
    const { tasks } = await operator.ask<Operations>('GET', '/api/ops')
    expect(tasks[0]).toMatchObject({ kind: 'report', urgency: 2, memberName: 'Robin Ray' })
    await ops.getByRole('button', { name: 'Mark as done' }).first().click()
    await smsArrives(world.presence, member.mobileNumber, 'You two will not be brought together again')
    await ops.getByText('Robin Ray (member) and Amelia Hart (host)').waitFor()
    await ops.getByRole('button', { name: 'Let them meet again' }).click()
    await ops.getByLabel('Why may they meet again?').fill('A misunderstanding; both asked.')
    await ops.getByRole('button', { name: 'Lift the block' }).click()
    await ops.getByText(/Lifted .*A misunderstanding/).waitFor()
  })

  test('one tap on a host is enough never to see them again', async () => {
    const page = await browserOf(await signedInMember(world.presence, 'Tia Tap'))
    here[0]!.expectsAll(/^404 GET \/api\/hosts\//)
    await page.goto(`/plans?host=${amelia.id}`)
    await page.getByRole('button', { name: 'Never show me Amelia again' }).click()
    await page.getByRole('heading', { level: 2 }).first().waitFor()
    expect(await page.getByRole('heading', { name: 'Amelia Hart' }).count()).toBe(0)
  })

  test('a new host agrees to the pledge at the first sign-in, once, and then sets hours', async () => {
    const page = await browserOf(undefined)
    await page.goto('/host')
    await signIn(here[0]!, rubyNumber)
    await page.getByRole('heading', { name: 'Welcome, Ruby' }).waitFor()
    await page.getByText('I listen. I do not judge, preach, sell or recruit.').waitFor()
    await page.getByRole('link', { name: '13 11 14' }).waitFor()
    const go = page.getByRole('button', { name: 'Agree and continue' })
    const boxes = await page.getByRole('checkbox').all()
    for (const box of boxes) {
      expect(await go.isDisabled(), 'every box is needed').toBe(true)
      await box.check()
    }
    await go.click()
    await page.getByRole('heading', { name: 'Hello, Ruby' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Hello, Ruby' }).waitFor()
    await page.getByRole('tab', { name: 'Hours' }).click()
    await page.getByText('Members can book you in these hours').waitFor()
  })

  test('a new member is asked before the first payment, sees every text, and may want no news', async () => {
    const page = await browserOf(undefined)
    await page.goto('/sign-in')
    await signIn(here[0]!, '+61491571299', 'Ines Ford')
    await page.getByRole('heading', { name: /Ines/ }).waitFor()
    await page.goto(`/plans?host=${amelia.id}&plan=Adhoc`)
    const form = page.getByRole('form', { name: 'Before you begin' })
    for (const name of ['Terms of use', 'Privacy', 'Community pledge', 'Age', /^Not therapy/])
      expect(await form.getByRole('link', { name }).getAttribute('href')).toMatch(/^\/legal\//)
    expect(await page.locator('iframe[name="embedded-checkout"]').count()).toBe(0)
    await agree(page)
    await page.locator('iframe[name="embedded-checkout"]').waitFor()
    await page.goto('/account')
    await page.getByRole('heading', { name: 'What you agreed to' }).waitFor()
    expect(await page.getByLabel('News and offers by text message').isChecked()).toBe(false)
  })

  test('every page has help, contact and every text at its foot', async () => {
    const page = await browserOf(await signedInMember(world.presence, 'Foot Note'))
    for (const path of [
      '/',
      '/host-selection',
      `/plans?host=${amelia.id}`,
      '/account',
      '/help',
      '/legal/terms',
      '/nowhere',
    ]) {
      await page.goto(path)
      const about = page.getByRole('navigation', { name: 'About' })
      await about.getByRole('link', { name: 'Help and contact' }).waitFor()
      await about.getByRole('link', { name: 'help@presence.example' }).waitFor()
      expect(await about.getByRole('link').count(), path).toBe(7)
    }
    for (const name of ['Terms', 'Privacy', 'Community pledge', 'Age', /^Not therapy/]) {
      await page.getByRole('navigation', { name: 'About' }).getByRole('link', { name }).click()
      await page.getByText('Draft for a lawyer').waitFor()
    }
    await page.goto('/help')
    await page.getByLabel('What is it about?').fill('Where is my receipt?')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('A person reads it and answers').waitFor()
  })

  // The last test, since it moves the clock by two weeks.
  test('a member deletes the account, keeps it, deletes it again, and is somebody new later', async () => {
    const member = await signedInMember(world.presence, 'Gaia Gone')
    await paidPurchase(member, amelia)
    const page = await browserOf(member)
    // Every sign-in ends, and what was loading meanwhile is refused.
    here[0]!.expectsAll(/^401 /)
    const deleteAccount = async () => {
      await page.goto('/account')
      await page.getByRole('button', { name: 'Delete my account' }).click()
      const sheet = page.getByRole('dialog', { name: 'Delete your account?' })
      await sheet.getByText('It cannot be undone').waitFor()
      const seen = (await phoneOf(world.presence, member.mobileNumber)).length
      await sheet.getByRole('button', { name: 'Text me a code to confirm' }).click()
      await sheet.getByLabel('6-digit code').fill(await codeOn(member.mobileNumber, seen))
      await sheet.getByRole('button', { name: 'Delete my account' }).click()
      await page.getByText('Your account is being deleted').waitFor()
      await page.getByRole('link', { name: 'Sign in' }).first().waitFor()
    }

    await page.goto('/account')
    await page.getByRole('heading', { name: 'Where you are signed in' }).waitFor()
    await page.getByText('(this one)').waitFor()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'To read' }).click(),
    ])
    expect(file.suggestedFilename()).toBe('presence-my-data.html')
    await page.getByRole('button', { name: 'Delete my account' }).click()
    await page.getByText('First you get $18.00 back, on the card').waitFor()
    await page.getByRole('button', { name: 'Keep it' }).click()

    await deleteAccount()
    await page.goto('/sign-in')
    await signIn(here[0]!, member.mobileNumber)
    await page.getByText('Your account will be deleted on').waitFor()
    await page.getByRole('button', { name: 'Keep my account' }).click()
    await page.getByText('Your account will be deleted on').waitFor({ state: 'detached' })

    await deleteAccount()
    await world.presence.moveClock({ advanceMs: 14 * 86_400_000 + 60_000 })
    await waitFor('the erased account', async () => {
      const rows = await query(
        world.presence.databaseUrl,
        'select from deletions where carried_out_at is not null',
      )
      return rows.length === 1
    })
    await page.goto('/sign-in')
    await signIn(here[0]!, member.mobileNumber, 'Nova New')
    await page.getByRole('heading', { name: /Nova/ }).waitFor()
    const operator = await signedInOperator(world.presence)
    const { purchases } = await operator.ask<FoundPurchases>('GET', '/api/ops/purchases?q=')
    expect(purchases.map(({ memberName }) => memberName)).toContain('A former member')
    expect(JSON.stringify(purchases)).not.toContain('Gaia')
  })

  async function codeOn(mobileNumber: string, seen: number): Promise<string> {
    const sms = await waitFor('the code', async () =>
      (await phoneOf(world.presence, mobileNumber)).slice(seen).find(({ body }) => /\b\d{6}\b/.test(body)),
    )
    return /\b\d{6}\b/.exec(sms.body)![0]
  }
})
