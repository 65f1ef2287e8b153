// The pages in a real browser, embedded by Stripe's own React components.
import { AxeBuilder } from '@axe-core/playwright'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type FrameLocator, type Locator, type Page } from 'playwright'
import { fileURLToPath } from 'node:url'
import { build, type Rollup } from 'vite'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { chromiumArguments, findChromium } from '../../../dev/chromium.ts'
import { startStripe, type StripeWorld } from '../testing/world.ts'

const executablePath = findChromium()
const shopPage =
  '<!doctype html><title>Shop</title><link rel="icon" href="data:,"><body style="margin:0">' +
  '<script type="module" src="/shop.js"></script>'
type Shop = { page: Page; frame: FrameLocator; sessionId: string; payButton: Locator }

describe.skipIf(!executablePath)('the checkout page (skipped by name where there is no Chromium)', () => {
  let browser: Browser
  let shopUrl: string
  const shop = createServer((request, response) => {
    const isScript = request.url === '/shop.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? bundle : shopPage)
  })
  let bundle = ''

  beforeAll(async () => {
    const input = fileURLToPath(new URL('../testing/embedded-host.tsx', import.meta.url))
    const result = (await build({
      configFile: false,
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"development"' },
      build: { write: false, minify: false, rollupOptions: { input } },
    })) as Rollup.RollupOutput
    bundle = result.output[0].code
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
    shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
    browser = await chromium.launch({
      executablePath: executablePath!,
      args: chromiumArguments(),
    })
  })
  afterAll(async () => {
    await browser.close()
    shop.closeAllConnections()
    await new Promise((resolve) => shop.close(resolve))
  })

  /** A page whose unexpected console messages fail the test. */
  async function newPage(width: number): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 844 } })
    context.setDefaultTimeout(90_000)
    const page = await context.newPage()
    const said: string[] = []
    page.on('pageerror', (error) => said.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') said.push(message.text())
    })
    onTestFinished(async () => {
      await context.close()
      expect(said).toEqual([])
    })
    return page
  }

  async function openShop(world: StripeWorld, width: number, strict = 'no'): Promise<Shop> {
    const session = await world.openCheckout(
      { redirect_on_completion: 'if_required', return_url: 'http://127.0.0.1:9/back' },
      4000,
    )
    const { baseUrl, keys } = world.sandbox.ctx
    const page = await newPage(width)
    await page.goto(
      `${shopUrl}/?${new URLSearchParams({
        script: `${baseUrl}/stripe.js`,
        key: keys['STRIPE_PUBLISHABLE_KEY']!,
        secret: session.client_secret!,
        strict,
      })}`,
    )
    const frame = page.frameLocator('iframe[name="embedded-checkout"]')
    const payButton = frame.getByRole('button', { name: 'Pay A$40.00' })
    await payButton.waitFor()
    return { page, frame, sessionId: session.id, payButton }
  }

  async function type(frame: FrameLocator, cardNumber: string): Promise<void> {
    await frame.getByLabel('Email').fill('mia@example.com')
    await frame.getByLabel('Card number').fill('')
    await frame.getByLabel('Card number').pressSequentially(cardNumber)
    await frame.getByLabel('Expiration').fill('')
    await frame.getByLabel('Expiration').pressSequentially('1240')
    await frame.getByLabel('CVC').fill('123')
    await frame.getByLabel('Cardholder name').fill('Mia Carter')
  }
  const completed = (page: Page) => page.evaluate('window.completed')

  const layouts: [number, string][] = [
    [390, 'no'],
    [1280, 'yes'],
  ]
  test.each(layouts)(
    'at %i px (strict mode: %s) a declined card says why, another pays, onComplete is called once',
    async (width, strict) => {
      const world = await startStripe()
      const { page, frame, payButton, sessionId } = await openShop(world, width, strict)
      await type(frame, '4000000000000002')
      expect(await frame.getByLabel('Card number').inputValue()).toBe('4000 0000 0000 0002')
      expect(await frame.getByLabel('Expiration').inputValue()).toBe('12 / 40')
      await payButton.click()
      await frame.getByText('Your card was declined.').waitFor()
      await type(frame, '4242424242424242')
      await payButton.dblclick()
      await frame.getByText('Thanks for your payment').waitFor()
      await expect.poll(() => completed(page)).toBe(1)
      expect((await world.client.checkout.sessions.retrieve(sessionId)).payment_status).toBe('paid')
      expect((await world.client.charges.list()).data.filter(({ paid }) => paid)).toHaveLength(1)
    },
  )

  test('no card is charged while a field is wrong, and each field says what it lacks', async () => {
    const world = await startStripe()
    const { frame, payButton } = await openShop(world, 390)
    await payButton.click()
    await expect.poll(() => frame.getByText('Required').count()).toBe(3)
    await type(frame, '4242424242424241')
    await payButton.click()
    await frame.getByText('Your card number is invalid.').waitFor()
    expect((await world.client.paymentIntents.list()).data).toEqual([])
  })

  test("the bank's authentication can fail and succeed", async () => {
    const world = await startStripe()
    const { page, frame, payButton } = await openShop(world, 390)
    await type(frame, '4000002500003155')
    await payButton.click()
    await frame.getByRole('button', { name: 'Fail' }).click()
    await frame.getByText('We are unable to authenticate your payment method').waitFor()
    expect(await completed(page)).toBe(0)
    await payButton.click()
    await frame.getByRole('button', { name: 'Complete' }).click()
    await frame.getByText('Thanks for your payment').waitFor()
    await expect.poll(() => completed(page)).toBe(1)
  })

  test('the frame is as tall as its content, closes, and opens again', async () => {
    const { page, frame, payButton } = await openShop(await startStripe(), 390)
    const frameHeight = () => page.locator('iframe').evaluate((element) => element.clientHeight)
    const textHeight = () =>
      frame.locator('body').evaluate((body) => Math.ceil(body.getBoundingClientRect().height))
    await expect.poll(async () => (await frameHeight()) - (await textHeight())).toBe(0)
    const before = await frameHeight()
    await frame.getByText('Test mode: which card does what').click()
    await expect.poll(frameHeight).toBeGreaterThan(before + 100)
    await page.getByRole('button', { name: 'Close' }).click()
    await expect.poll(() => page.locator('iframe').count()).toBe(0)
    await page.getByRole('button', { name: 'Open' }).click()
    await payButton.waitFor()
  })

  test('a second tab says that a checkout is paid or expired; a wrong secret shows nothing', async () => {
    const { client, openCheckout, pay, sandbox } = await startStripe()
    const page = await newPage(390)
    const visit = (secret: string) => page.goto(`${sandbox.baseUrl}/stripe/checkout?client_secret=${secret}`)
    const paid = await openCheckout()
    await pay(paid)
    await visit(paid.client_secret!)
    await page.getByText('This payment is already complete.').waitFor()
    const expired = await openCheckout()
    await client.checkout.sessions.expire(expired.id)
    await visit(expired.client_secret!)
    await page.getByText('This checkout has expired').waitFor()
    await visit(`${(await openCheckout()).id}_secret_guess`)
    await page.getByText('Something went wrong').waitFor()
  })

  test('a tab left open notices that its checkout was paid elsewhere', async () => {
    const world = await startStripe()
    const { frame, payButton, sessionId } = await openShop(world, 390)
    await world.pay({ id: sessionId })
    await type(frame, '4242424242424242')
    await payButton.click()
    await frame.getByText('This payment is already complete.').waitFor()
    expect((await world.client.charges.list()).data).toHaveLength(1)
  })

  test('a hosted checkout leads to its success page', async () => {
    const { openCheckout } = await startStripe()
    const session = await openCheckout({
      ui_mode: 'hosted_page',
      redirect_on_completion: undefined,
      success_url: `${shopUrl}/?paid={CHECKOUT_SESSION_ID}`,
    })
    const page = await browser.newPage()
    onTestFinished(() => page.close())
    await page.goto(session.url!)
    await page.getByText('Test mode: which card does what').click()
    await page.getByRole('button', { name: 'Pays 4242' }).click()
    await page.getByRole('button', { name: 'Pay A$18.00' }).click()
    await page.waitForURL(`${shopUrl}/?paid=${session.id}`)
  })

  test.each([390, 1280])('at %i px every page fits the screen and is accessible', async (width) => {
    const { client, openCheckout, paidCharge, readyAccount, sandbox } = await startStripe()
    const account = await readyAccount()
    const { id } = await client.accounts.create({ type: 'express', email: 'ana@example.com' })
    const charge = await paidCharge()
    await client.transfers.create({
      amount: 1206,
      currency: 'aud',
      destination: account.id,
      source_transaction: charge.id,
    })
    const addresses = [
      `${sandbox.baseUrl}/stripe/checkout?client_secret=${(await openCheckout()).client_secret}`,
      charge.receipt_url!,
      (
        await client.accountLinks.create({
          account: id,
          type: 'account_onboarding',
          return_url: shopUrl,
          refresh_url: shopUrl,
        })
      ).url,
      (await client.accounts.createLoginLink(account.id)).url,
    ]
    const page = await newPage(width)
    for (const address of addresses) {
      await page.goto(address)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id: rule, nodes }) => `${rule}: ${nodes[0]?.html}`)).toEqual([])
    }
  })
})
