// The console in a real browser, with every stand-in.
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { chromiumArguments, findChromium } from '../../dev/chromium.ts'
import { dayMs } from '../core/durations.ts'
import { startSandbox } from '../core/start.ts'
import type { Sandbox } from '../core/start.ts'
import { startApplication } from '../core/testing/application.ts'

const executablePath = findChromium()
const panels = ['phones', 'money', 'calendars', 'rooms', 'airtable', 'journal', 'faults']

describe.skipIf(!executablePath)(
  'the console in a browser (skipped by name where there is no Chromium)',
  () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath: executablePath!,
        args: chromiumArguments(),
      })
    })
    afterAll(() => browser.close())

    async function open(
      options: BrowserContextOptions = {},
      place = '',
    ): Promise<{ page: Page; sandbox: Sandbox; text: (to: string, body: string) => void }> {
      const application = await startApplication()
      const sandbox = await startSandbox({
        port: 0,
        dataDir: ':memory:',
        appUrl: application.url,
        clockKey: 'key',
        log: () => {},
      })
      const context = await browser.newContext({
        viewport: { width: 1280, height: 860 },
        reducedMotion: 'reduce',
        ...options,
      })
      context.setDefaultTimeout(90_000)
      const page = await context.newPage()
      const said: string[] = []
      page.on('pageerror', (error) => said.push(error.message))
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) said.push(message.text())
      })
      onTestFinished(async () => {
        await context.close()
        await sandbox.close()
        await application.close()
        expect(said).toEqual([])
      })
      const text = (to: string, body: string) => {
        const sid = `SM${sandbox.ctx.store.next('test')}`
        sandbox.ctx.store.put('twilio.message', sid, {
          sid,
          to,
          from: '+61480001234',
          body,
          status: 'delivered',
          direction: 'outbound-api',
          createdAt: sandbox.ctx.clock.now(),
        })
        sandbox.ctx.changed('twilio.message')
      }
      await page.goto(`${sandbox.baseUrl}/${place}`)
      await page.locator('#panel > *').first().waitFor()
      return { page, sandbox, text }
    }

    test('a text message appears without a reload and keeps a half-written reply', async () => {
      const { page, text } = await open()
      text('+61491570006', 'Welcome to Presence')
      await page.getByText('Welcome to Presence').waitFor()
      const reply = page.getByLabel('Reply from +61 491 570 006')
      await reply.pressSequentially('Thank')
      text('+61491570006', 'Your code is 482913')
      text('+61491570156', 'Another phone')
      await page.getByText('Another phone').waitFor()
      await page.getByRole('button', { name: '482913' }).waitFor()
      await reply.pressSequentially(' you')
      expect(await reply.inputValue()).toBe('Thank you')
      await reply.press('Enter')
      await page.locator('.mine', { hasText: 'Thank you' }).waitFor()
      expect(await reply.inputValue()).toBe('')
    })

    test('the clock moves and shows its distance from real time', async () => {
      const { page, sandbox } = await open()
      await page.getByRole('button', { name: '+1 day' }).click()
      await page.getByText('1 d ahead of real time').waitFor()
      expect(sandbox.ctx.clock.offsetMs()).toBe(dayMs)
      await page.getByRole('button', { name: 'Now back to real time' }).click()
      await page.getByText('Real time', { exact: true }).waitFor()
    })

    test('an edited cell is saved in the Airtable base', async () => {
      const { page, sandbox } = await open({}, '#airtable/Hosts')
      const cell = page.locator('tbody tr').first().getByLabel('Full Name')
      await cell.fill('Amelia Heart')
      await cell.press('Enter')
      await page.locator('[data-saved]').waitFor()
      const names = sandbox.ctx.store
        .list<{ fields: Record<string, unknown> }>('airtable.record:Hosts')
        .map((row) => row.fields['Full Name'])
      expect(names[0]).toBe('Amelia Heart')
    })

    test('a payment is refunded or disputed, and a dispute won or lost, by a click', async () => {
      const { page, sandbox } = await open({}, '#money')
      const headers = { authorization: `Bearer ${sandbox.ctx.keys['STRIPE_SECRET_KEY']}` }
      const params = {
        mode: 'payment',
        ui_mode: 'embedded_page',
        redirect_on_completion: 'never',
        'line_items[0][quantity]': '1',
        'line_items[0][price_data][currency]': 'aud',
        'line_items[0][price_data][unit_amount]': '1800',
        'line_items[0][price_data][product_data][name]': 'Adhoc',
      }
      for (const name of ['Mia Carter', 'Theo Martin', 'Noor Aziz']) {
        const made = await fetch(`${sandbox.baseUrl}/v1/checkout/sessions`, {
          method: 'POST',
          headers,
          body: new URLSearchParams(params),
        })
        const { id } = (await made.json()) as { id: string }
        const card = {
          cardNumber: '4242424242424242',
          expMonth: 12,
          expYear: 2040,
          cvc: '123',
          name,
          email: 'a@example.com',
        }
        await fetch(`${sandbox.baseUrl}/_sandbox/stripe/checkout/${id}/pay`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(card),
        })
      }
      const press = async (row: string, button: string) => {
        const details = page.locator('.row', { hasText: row }).first()
        if (!(await details.evaluate((one: HTMLDetailsElement) => one.open)))
          await details.locator('summary').click()
        await details.getByRole('button', { name: button }).click()
      }
      await press('Mia Carter', 'Refund from the dashboard')
      await page.getByText('refunded $18.00').waitFor()
      for (const [name, verdict, end] of [
        ['Theo Martin', 'We win it', 'won'],
        ['Noor Aziz', 'We lose it', 'lost'],
      ] as const) {
        await press(name, "The member's bank disputes it")
        await page.getByText('needs response').waitFor()
        await press('Fraudulent', verdict)
        await page.locator('.chip', { hasText: end }).waitFor()
      }
      expect(
        sandbox.ctx.store.list<{ status: string }>('stripe.dispute').map(({ status }) => status),
      ).toEqual(['won', 'lost'])
    })

    test('an open entry of the journal stays open while new ones arrive', async () => {
      const { page, sandbox } = await open({}, '#journal')
      const call = () =>
        fetch(`http://127.0.0.1:${sandbox.port}/v1/rooms`, {
          headers: { authorization: `Bearer ${sandbox.ctx.keys['DAILY_API_KEY']}` },
        })
      await call()
      await page.locator('.row summary').click()
      await page.getByRole('heading', { name: 'Answer' }).waitFor()
      await call()
      await page.locator('.row').nth(1).waitFor()
      expect(
        await page
          .locator('.row')
          .nth(1)
          .evaluate((row: HTMLDetailsElement) => row.open),
      ).toBe(true)
      await page.getByRole('heading', { name: 'Answer' }).waitFor()
    })

    test('a service breaks and is repaired by a click', async () => {
      const { page, sandbox } = await open({}, '#faults')
      await page.getByRole('button', { name: 'Video rooms are down' }).click()
      await page.getByText('Everything, until repaired').waitFor()
      expect((await fetch(`http://127.0.0.1:${sandbox.port}/v1/rooms`)).status).toBe(503)
      await page.getByRole('button', { name: 'Repair everything' }).click()
      await page.getByText('Nothing: every service works.').waitFor()
    })

    for (const [width, colorScheme] of [
      [390, 'light'],
      [1280, 'dark'],
    ] as const) {
      test(`every panel fits ${width} pixels and is accessible when ${colorScheme}`, async () => {
        const { page, sandbox, text } = await open({
          colorScheme,
          viewport: { width, height: 860 },
          bypassCSP: true,
        })
        text(
          '+61491570006',
          'Join https://presence.example/a/very/long/address/that/does/not/fit/on/a/phone/in/one/line/at/all',
        )
        await fetch(`http://127.0.0.1:${sandbox.port}/v1/rooms`)
        for (const panel of panels) {
          await page.goto(`${sandbox.baseUrl}/#${panel}`)
          await page.locator(`.tabs a[href="#${panel}"][aria-current]`).waitFor()
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          )
          const { violations } = await new AxeBuilder({ page }).analyze()
          expect({
            panel,
            overflow,
            violations: violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`),
          }).toEqual({ panel, overflow: 0, violations: [] })
        }
      })
    }
  },
)
